/** The inbox's one stylesheet: paper and ink, light and dark, from a phone's width up. Ours, not the user's: it shows their mail and must not touch it. */

export const INBOX_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbf9f4, #16171a);
  --sheet: light-dark(#ffffff, #1e2024);
  --ink: light-dark(#22211e, #ebe7de);
  --soft: light-dark(#625e55, #a8a398);
  --line: light-dark(#e4dfd3, #34363b);
  --mark: light-dark(#8f3323, #f0a68f);
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif;
  --plain: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  --code: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--plain); -webkit-text-size-adjust: 100%; }
body { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: .2em; text-decoration-thickness: 1px; text-decoration-color: var(--line); }
code { font: .9em/1 var(--code); }
a:hover { color: var(--mark); text-decoration-color: currentcolor; }
a:focus-visible { outline: 2px solid var(--mark); outline-offset: 3px; border-radius: 2px; }
.where { margin: 0 0 2.25rem; color: var(--soft); font-size: .875rem; }
h1 { margin: 0 0 .5rem; font: 400 clamp(1.6rem, 1.2rem + 2vw, 2.25rem)/1.2 var(--serif); text-wrap: balance; }
.about { margin: 0 0 2rem; color: var(--soft); max-width: 40rem; }

.mails { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.mails a {
  display: grid; grid-template-columns: 1fr auto; gap: .1rem 1.5rem; padding: .95rem .75rem; margin: 0 -.75rem;
  text-decoration: none; color: inherit;
}
.mails li { border-bottom: 1px solid var(--line); }
.mails a:hover { background: var(--sheet); }
.mails .subject { font: 1.15rem/1.4 var(--serif); }
.mails a:hover .subject { color: var(--mark); }
.mails .people, .mails .size { grid-row: 2; color: var(--soft); font-size: .875rem; }
.mails time { color: var(--soft); font-size: .875rem; line-height: 1.85; }
.mails .size, .mails time { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.empty { font: italic 1.15rem/1.6 var(--serif); color: var(--soft); border-block: 1px solid var(--line); padding: 3rem 0; text-align: center; }
.turn { display: flex; justify-content: space-between; margin: 1.5rem 0 0; font-size: .9375rem; }

.facts { display: grid; grid-template-columns: auto 1fr; gap: .15rem 1rem; margin: 1rem 0 2rem; font-size: .9375rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.facts.all { row-gap: .5rem; font: .8125rem/1.6 var(--code); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.75rem; margin: 0 0 1.25rem; border-bottom: 1px solid var(--line); }
.bar ul { display: flex; gap: .25rem; margin: 0; padding: 0; list-style: none; }
.bar .views { flex: 1; gap: 1.4rem; }
.bar a { display: block; padding: .55rem 0; color: var(--soft); text-decoration: none; font-size: .9375rem; }
.bar code { font: .9em/1 var(--code); }
a:hover { color: var(--mark); }
.bar .views a { border-bottom: 2px solid transparent; margin-bottom: -1px; }
.bar [aria-current] { color: var(--ink); }
.bar .views [aria-current] { border-bottom-color: var(--mark); }
.bar .choice { margin: 0 0 .4rem; border: 1px solid var(--line); border-radius: 6px; padding: 2px; gap: 2px; }
.bar .choice a { padding: .25rem .7rem; border-radius: 4px; font-size: .8125rem; }
.bar .choice [aria-current] { background: var(--sheet); box-shadow: 0 0 0 1px var(--line); }

.stage { overflow-x: auto; margin: 0 -1.25rem; padding: 0 1.25rem 2px; text-align: center; }
.stage iframe { display: inline-block; vertical-align: top; height: min(82vh, 60rem); border: 1px solid var(--line); border-radius: 8px; background: #fff; }
.stage iframe.dark { background: #121212; }
.stage iframe.phone { width: 377px; max-width: 100%; }
.stage iframe.desktop { width: 100%; min-width: 722px; }
.note { margin: .9rem 0 0; color: var(--soft); font-size: .8125rem; }
pre {
  margin: 0; padding: 1.25rem; overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px;
  font: .8125rem/1.6 var(--code); white-space: pre-wrap;
}
@media (max-width: 34rem) {
  body { padding-top: 1.5rem; }
  .where { margin-bottom: 1.5rem; }
  .mails a { grid-template-columns: 1fr; }
  .mails .people, .mails .size { grid-row: auto; }
  .mails time, .mails .size { text-align: start; }
  .mails .size { display: none; }
  .facts.all { grid-template-columns: 1fr; row-gap: 0; }
  .facts.all dd { margin-bottom: .75rem; }
  .bar .views { flex-basis: 100%; }
  .bar:has(.choice) { border-bottom: 0; }
  .stage { margin: 0 -1.25rem; padding: 0 0 2px; }
  .stage iframe { border-inline: 0; border-radius: 0; }
  .stage iframe.phone { width: 100%; }
}
`;
