/** The same posts as a site of Hugo: pages with their neighbours, a list of all, a sitemap and the feed, by templates as plain as can be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const CONFIG = `baseURL = "https://example.org/"
title = "Bench"
disableKinds = ["taxonomy", "term"]
`;
const link = (name: string): string =>
  `{{ with .${name} }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}`;
const head = '<!doctype html><html lang="en"><head><title>{{ .Title }}</title></head><body>';
const TEMPLATES: Readonly<Record<string, string>> = {
  'single.html': `${head}<h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>{{ .Content }}${link('PrevInSection')}${link('NextInSection')}</body></html>\n`,
  'list.html': `${head}<ul>{{ range .RegularPagesRecursive }}<li><a href="{{ .Permalink }}">{{ .Title }}</a></li>{{ end }}</ul></body></html>\n`,
};

/** Takes the posts of a publication over into `site`. */
export async function makeHugoSite(publication: string, site: string): Promise<void> {
  await cp(join(publication, 'posts'), join(site, 'content', 'posts'), { recursive: true });
  const files = { 'config.toml': CONFIG, ...prefix('layouts/_default/', TEMPLATES) };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), text);
  }
}

function prefix(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}${name}`, text]));
}

/** A build from nothing, in milliseconds. Throws where Hugo is not installed. */
export async function measureHugo(site: string): Promise<number> {
  for (const made of ['public', 'resources']) await rm(join(site, made), { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const child = spawn('hugo', ['--quiet'], { cwd: site, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`hugo ended with ${code}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}
