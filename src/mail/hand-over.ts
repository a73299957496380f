/**
 * One SMTP transaction, and what became of it. The one question that matters is whether the final dot left: before it, every end is harmless and
 * the message is simply still ours; after it, no answer means doubt, never failure (RFC 1047).
 *
 *     MAIL, RCPT, DATA ─▶ body, every byte but the dot ─▶ mark() ─▶ dot ─▶ answer
 */
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '../domain/delivery.ts';
import { type Message, sizeOf } from '../domain/message.ts';
import { HeldBody, isGone } from './held-body.ts';
import { findObstacle, needsEightBits } from './smtp-extensions.ts';
import { classifyReply, cleanReply, replyCode, type Stage } from './smtp-reply.ts';
import { resetSession, type Session, socketOf, type Timeouts } from './smtp-session.ts';

/** How a transaction ended: with the server's words, or without. */
type Ending =
  | { readonly kind: 'answered'; readonly reply: string; readonly stage: Stage }
  | { readonly kind: 'lost'; readonly reason: string };

/** What a transaction came to; `isInStep` when both sides still agree on where they are. */
type Result = { readonly outcome: Outcome; readonly isInStep: boolean };

/** Hands one message over; leaves the session ready for another, or closed. Never throws. */
export async function handOver(
  session: Session,
  message: Message,
  mark: () => Promise<boolean>,
  timeouts: Timeouts,
): Promise<Outcome> {
  const obstacle = findObstacle(message, session.extensions);
  if (obstacle) return obstacle;
  const { connection } = session;
  const { outcome, isInStep } = await runTransaction(connection, message, mark, timeouts);
  // RFC 5321 §3.8: with a 421 the server closes, and answers nothing more.
  const isClosing = outcome.kind === 'deferred' && replyCode(outcome.reply) === 421;
  if (!isInStep || isClosing) connection.close();
  // RFC 5321 §4.1.1.5: a refused transaction is still open on the server's side.
  else if (outcome.kind !== 'accepted') await resetSession(connection);
  return outcome;
}

async function runTransaction(
  connection: SMTPConnection,
  message: Message,
  mark: () => Promise<boolean>,
  timeouts: Timeouts,
): Promise<Result> {
  const ended = Promise.withResolvers<Ending>();
  let isOver = false;
  let dotLeft = false;
  let marking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const end = (ending: Ending): void => {
    isOver = true;
    ended.resolve(ending);
    // Half a body has gone: no command can follow, and what waits for it to leave need not wait any longer.
    if (body.isRead && !dotLeft) connection.close();
  };
  const askForDot = async (): Promise<void> => {
    const hasLeft = await body.send(socketOf(connection));
    if (!hasLeft || isOver || connection.destroyed) return;
    const refusal = await askMark(mark);
    const socket = socketOf(connection);
    if (isOver || connection.destroyed || !socket || isGone(socket)) return;
    if (refusal !== null) return end({ kind: 'lost', reason: refusal });
    dotLeft = true;
    timer = awaitAnswer(connection, timeouts.finalReply, end);
    body.release();
  };
  const body = new HeldBody(message.parts, () => {
    marking = askForDot();
  });
  send(connection, message, body, end);
  const ending = await ended.promise;
  // The ledger must have done with the mark before the outcome is settled.
  await marking;
  clearTimeout(timer);
  socketOf(connection)?.setTimeout(timeouts.command);
  return settleEnding(ending, dotLeft);
}

/** After the dot the time runs from the dot, not from the last byte heard: a server that trickles is not waited for longer. */
function awaitAnswer(
  connection: SMTPConnection,
  milliseconds: number,
  end: (ending: Ending) => void,
): NodeJS.Timeout {
  socketOf(connection)?.setTimeout(0);
  const reason = `No answer to the message within ${Math.round(milliseconds / 1000)} seconds`;
  return setTimeout(() => end({ kind: 'lost', reason }), milliseconds);
}

/** Null when the dot may leave, else why not. */
async function askMark(mark: () => Promise<boolean>): Promise<string | null> {
  try {
    return (await mark()) ? null : 'Withdrawn before the message was handed over';
  } catch {
    return 'The hand-over could not be recorded, so it was not made';
  }
}

function send(
  connection: SMTPConnection,
  message: Message,
  body: HeldBody,
  end: (ending: Ending) => void,
): void {
  const { from, to } = message.envelope;
  const size = sizeOf(message);
  const envelope = { from, to: [to], size, use8BitMime: needsEightBits(message) };
  // A connection closed from our side calls nobody back; one closed from theirs does, just after this event.
  const onClosed = (): void =>
    queueMicrotask(() => end({ kind: 'lost', reason: 'The connection was closed' }));
  connection.once('end', onClosed);
  connection.send(envelope, body, (error, info) => {
    connection.off('end', onClosed);
    if (!error) return end({ kind: 'answered', reply: info.response, stage: 'message' });
    if (error.response === undefined) return end({ kind: 'lost', reason: cleanReply(error.message) });
    end({
      kind: 'answered',
      reply: error.response,
      stage: body.isRead ? 'message' : findStage(error.command),
    });
  });
}

function findStage(command: string | undefined): Stage {
  if (command === 'MAIL FROM') return 'sender';
  return command === 'RCPT TO' ? 'recipient' : 'data';
}

function settleEnding(ending: Ending, dotLeft: boolean): Result {
  const unanswered = dotLeft ? 'in-doubt' : 'deferred';
  if (ending.kind === 'lost') return { outcome: { kind: unanswered, reply: ending.reason }, isInStep: false };
  const outcome = classifyReply(ending.reply, ending.stage);
  // An answer to the body before its end: a refusal stands, an acceptance cannot be one.
  const isEarly = ending.stage === 'message' && !dotLeft;
  if (outcome && !(isEarly && outcome.kind === 'accepted')) return { outcome, isInStep: !isEarly };
  const reply = `An answer that makes no sense here: ${cleanReply(ending.reply)}`;
  return { outcome: { kind: unanswered, reply }, isInStep: false };
}
