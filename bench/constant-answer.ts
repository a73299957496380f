/**
 * A program: `node constant-answer.ts PORT FILE` answers every request with the same bytes, without reading more of it than whether it has a condition. It is
 * what one thread of Node can reach at all: all that a server does for its clients comes on top.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

const [port = '0', file = ''] = process.argv.slice(2);
const body = await readFile(file);
const keeping = `Date: ${new Date().toUTCString()}\r\nETag: "constant"\r\nCache-Control: public, max-age=300\r\nVary: Accept-Encoding\r\nConnection: keep-alive\r\n`;
const describing = `Content-Type: application/atom+xml; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`;
const whole = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${keeping}${describing}\r\n`), body]);
const unchanged = Buffer.from(`HTTP/1.1 304 Not Modified\r\n${keeping}\r\n`);

createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (request) => void socket.write(request.includes('If-None-Match') ? unchanged : whole));
}).listen(Number(port), '127.0.0.1');
