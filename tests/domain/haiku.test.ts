/** Three non-empty lines, however they are written, and nothing else. */
import { describe, expect, it } from 'vitest';
import { haikuFromLines, parseHaiku, renderHaikuLine } from '../../src/domain/haiku.ts';

describe('parseHaiku', () => {
  it.each([
    'a b / c d / e f',
    ' a b  /  c d\t/ e f ',
    'a b\nc d\ne f',
    'a b\r\nc d\r\ne f\r\n',
    '\n\n  a b\n\nc d\n\ne f\n\n',
  ])('reads %j', (text) => {
    expect(parseHaiku(text)).toEqual(['a b', 'c d', 'e f']);
  });

  it('keeps slashes that part nothing', () => {
    expect(parseHaiku('and/or / c/d / e')).toEqual(['and/or', 'c/d', 'e']);
    expect(parseHaiku('a / b\nc\nd')).toEqual(['a / b', 'c', 'd']);
  });

  it('reads any script', () => {
    expect(parseHaiku('夏の夜や / サーバの唸り / 子守唄')).toEqual(['夏の夜や', 'サーバの唸り', '子守唄']);
  });

  it.each([
    '',
    ' ',
    '\n\n',
    'a',
    'a / b',
    'a / b / c / d',
    'a / / c',
    'a / b /',
    'a/b/c',
    'a\nb',
    'a\nb\nc\nd',
    ' /  / ',
  ])('%j is none', (text) => {
    expect(parseHaiku(text)).toBeNull();
  });
});

describe('haikuFromLines', () => {
  it('passes over empty lines and trims the others', () => {
    expect(haikuFromLines(['', ' a ', '\t', 'b', 'c', ''])).toEqual(['a', 'b', 'c']);
  });

  it.each([[[]], [['a']], [['a', 'b']], [['a', 'b', ' ']], [['a', 'b', 'c', 'd']]])('%j is none', (lines) => {
    expect(haikuFromLines(lines)).toBeNull();
  });
});

describe('renderHaikuLine', () => {
  it('is read back as the same haiku', () => {
    const line = renderHaikuLine(['a', 'b / b', 'c']);
    expect(line).toBe('a / b / b / c');
    expect(parseHaiku(renderHaikuLine(['a', 'b', 'c']))).toEqual(['a', 'b', 'c']);
  });
});
