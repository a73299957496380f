/** The texts a fresh publication begins with: its config, written to be read, and a first post to replace. */
import { CONFIG_PATH } from './mistake.ts';
import { renderConfigSchema, SCHEMA_FILE } from './render-config-schema.ts';

/** What a person says of a new publication; null where they leave it to later. */
export type Answers = {
  readonly title: string;
  readonly author: string | null;
  readonly url: string | null;
  readonly from: string | null;
  readonly zone: string;
};

/** How it begins: on which day, and whether with posts that are there already. */
export type Start = { readonly today: Temporal.PlainDate; readonly hasPosts: boolean };

/** Files below the publication's folder, each whole. The config comes last: with it, the folder is a publication. */
export function composeStarter(
  answers: Answers,
  { today, hasPosts }: Start,
): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: '.gitignore', text: IGNORED },
    { path: STARTER_POST_PATH, text: renderStarterPost(today) },
    { path: `config/${SCHEMA_FILE}`, text: renderConfigSchema() },
    { path: CONFIG_PATH, text: renderStarterConfig(answers, hasPosts ? OLD_POSTS : newPosts(today)) },
  ];
}

export const STARTER_POST_PATH =
  'posts/an-empty-folder-/-the-cursor-blinks-and-it-waits-/-so-begin-with-this.md';

const IGNORED = `# What Renga makes, and what it must remember (back that up with \`renga backup\`). The journal stays on this machine.
/public/
/var/
/renga.journal
`;

/** Dated by its day, it stands below whatever is written from then on; and no reader gets it by mail. */
const renderStarterPost = (today: Temporal.PlainDate): string => `---
title: The first post
date: ${today.toString()}
digest: false # on the pages and in the feeds, never mailed: what you write is
---

This post is a file in posts/, and the folders it lies in spell its haiku. Between the two lines above stands what Renga should know of it; a post needs none of that. Below them comes whatever you have to say.

## Where things go

Change a word, save, and the feeds follow. Make your own with \`renga new "first line / second line / third line"\`, and remove this one when it has served its purpose.

Nothing is mailed before you name a server in config/renga.yaml. Until then each digest lands in an inbox on this machine, where you can look at it in peace.
`;

/** YAML 1.2 §7.3.1: JSON's strings are double-quoted scalars of YAML. */
const quote = (text: string): string => JSON.stringify(text);

/** A line that is only in force once it was answered. */
function setting(indent: string, key: string, answer: string | null, example: string): string {
  return answer === null ? `${indent}# ${key}: ${example}` : `${indent}${key}: ${quote(answer)}`;
}

/** An old blog: also what has no date of its own, and so that of its first publish, is not news. */
const OLD_POSTS = `# Posts that are here when it first runs are not mailed; include would mail them all, a day (2026-11-20) those from it on.
    backlog: skip`;

const newPosts = (today: Temporal.PlainDate): string =>
  `# Of the posts that are here when it first runs, those from this day on are mailed: what is older, readers may know from elsewhere.
    backlog: ${today.toString()}`;

function renderStarterConfig({ title, author, url, from, zone }: Answers, backlog: string): string {
  return `# yaml-language-server: $schema=${SCHEMA_FILE}
# The settings of this publication. Lines behind a # show the default, or an example. docs/config.md, which comes with Renga, has every
# key; the schema beside this file lets editors complete them.
# \${NAME} takes a value from the environment: keep passwords there.

publication:
  title: ${quote(title)}
  description: ''
${setting('  ', 'author', author, 'Ann Lee')}
  # Where the pages and feeds will stand. Until you say, it is this machine.
${setting('  ', 'url', url, 'https://blog.example.org/')}
  zone: ${quote(zone)}
  # language: en
  # postalAddress: Ann Lee, 1 Sample Street, Sampletown   (many countries ask for it in mail)

# What digests come from. Needed once mail goes to other people.
${setting('', 'from', from, 'Ann Lee <ann@example.org>')}

# inbox keeps all mail on this machine. For the real thing, replace it by:
# smtp:
#   url: smtp://user:\${SMTP_PASSWORD}@smtp.example.org:587
smtp: inbox
# To sign the mail, make a key with \`renga dkim new\`; it prints the lines that belong here.
# dkim:
#   selector: renga-2026-11
#   key: config/dkim/renga-2026-11.pem

series:
  weekly:
    schedule: Monday 09:00
    ${backlog}
`;
}
