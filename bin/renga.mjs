#!/usr/bin/env node
/**
 * The command `renga`: checks that this Node is new enough, then hands over to the program. Written in the syntax of Node 14,
 * for only what can be parsed can say that it is too old.
 */
import { existsSync, readFileSync, statSync } from 'fs';
import module from 'module';
import { fileURLToPath } from 'url';

const OLDEST = [24, 15];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const isCheckout = existsSync(here('../src/main.ts'));
const developmentNode = here('../node_modules/.bin/node');

if (isNewEnough()) {
  start();
} else if (isCheckout && existsSync(developmentNode) && process.platform !== 'win32') {
  startWith(developmentNode).catch(fail);
} else {
  refuse(`Renga needs Node ${OLDEST.join('.')} or newer; this is ${process.version}. ${whatToDo()}`);
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function whatToDo() {
  if (!isCheckout) return 'Install a newer one: https://nodejs.org/en/download';
  return 'In this checkout "npm ci" brings one, and "npm run renga -- …" uses it.';
}

function start() {
  if (isCheckout && !existsSync(here('../node_modules'))) {
    refuse('The packages are not installed yet. Run "npm ci" in this checkout.');
    return;
  }
  // Compiled code is kept between runs, keyed by its source; where it cannot be written, each run compiles anew.
  const cache = here('../node_modules/.cache/renga');
  module.enableCompileCache(cache);
  // For its threads, which start in half the time with it.
  process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || cache;
  const isBuilt = !isCheckout || isBuiltFromThis();
  if (isBuilt) nameSources();
  const main = isBuilt ? '../dist/main.js' : '../src/main.ts';
  import(new URL(main, import.meta.url).href).catch(fail);
}

/** Whether `dist/` was made from these very sources and packages; after any edit the program runs from its sources, until it is built again. */
function isBuiltFromThis() {
  try {
    const stamps = Object.entries(JSON.parse(readFileSync(here('../dist/made-from.json'), 'utf8')));
    const root = here('../');
    return stamps.every(([path, stamp]) => {
      const { size, mtimeMs, ctimeMs } = statSync(root + path);
      return stamp === `${size} ${mtimeMs} ${ctimeMs}`;
    });
  } catch {
    return false;
  }
}

/** A stack names the sources, wherever the code lies. Node could do that too, but would measure every line of `dist/` beforehand. */
function nameSources() {
  const dist = new URL('../dist/', import.meta.url).href;
  const maps = new Map();
  const mapOf = (url) => {
    if (!maps.has(url)) maps.set(url, readMap(url));
    return maps.get(url);
  };
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const url = frame.getFileName();
      const map = url && url.startsWith(dist) ? mapOf(url) : null;
      const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
      const found = map && map.findEntry(line - 1, column - 1);
      if (!found || !found.originalSource) return `    at ${frame}`;
      const source = new URL(found.originalSource, url).href;
      const place = `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
      return `    at ${`${frame}`.replace(`${url}:${line}:${column}`, place)}`;
    });
    return [Error.prototype.toString.call(error), ...lines].join('\n');
  };
}

function readMap(url) {
  try {
    return new module.SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')));
  } catch {
    return null;
  }
}

/** A checkout brings a Node of its own. The child is the program: it gets the signals, and its end is ours. */
async function startWith(node) {
  const { spawn } = await import('child_process');
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends these to the whole group, so the child has them already; a supervisor sends them to one process.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGINT', () => void (hasTerminal || child.kill('SIGINT')));
  process.on('SIGHUP', () => undefined);
}

function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exitCode = 2;
}

function fail(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(70);
}
