/** The one way texts get into the XML of a feed. */
import { cleanText } from '../clean-text.ts';

/** RSS Advisory Board profile: `&` and `<` as hexadecimal references, which readers take for text and not for markup. Good in attributes too. */
export function escapeXml(text: string): string {
  return escapeClean(cleanText(text));
}

/** Of a text that is clean already. */
export function escapeClean(text: string): string {
  return text.replace(/&/g, '&#x26;').replace(/</g, '&#x3C;').replace(/>/g, '&#x3E;').replace(/"/g, '&#x22;');
}
