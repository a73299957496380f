/**
 * Texts in the XML of a feed. The package `feed` escapes some places and forgets others, so it never sees a text: it is given marks, and
 * the texts are put in their place afterwards, escaped once and by one rule. What a text says cannot become markup.
 */
import { escapeXml } from './escape-xml.ts';

export type FeedTexts = {
  /** Keeps a text and answers with its mark. */
  readonly mark: (text: string) => string;
  /** A document with marks → the document with texts. */
  readonly fill: (xml: string) => string;
};

const MARK = /(?:<!\[CDATA\[)?renga-text-(\d+)-renga(?:\]\]>)?/g;

export function openFeedTexts(): FeedTexts {
  const texts: string[] = [];
  const mark = (text: string): string => `renga-text-${texts.push(text) - 1}-renga`;
  return {
    mark,
    fill: (xml) => xml.replace(MARK, (_, index: string) => escapeXml(texts[Number(index)] ?? '')),
  };
}
