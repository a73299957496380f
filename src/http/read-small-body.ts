/** The body of a POST, bounded: no visitor can make us keep more than a form's worth. */

const LARGEST_BODY = 64 * 1024;

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'too-large' }
  /** The client went away, or sent something that is no body. */
  | { readonly kind: 'broken' };

/** Reads up to 64 kB; more is not even waited for where its length is announced. */
export async function readSmallBody(request: Request): Promise<BodyRead> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY) return { kind: 'too-large' };
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request.body ?? []) {
      size += piece.length;
      if (size > LARGEST_BODY) return { kind: 'too-large' };
      pieces.push(piece);
    }
  } catch {
    return { kind: 'broken' };
  }
  return { kind: 'read', bytes: new Uint8Array(Buffer.concat(pieces)) };
}

/** A form's fields, multipart or urlencoded; null for any other body or a broken one. */
export async function parseForm(
  contentType: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<FormData | null> {
  try {
    return await new Response(bytes, { headers: { 'Content-Type': contentType } }).formData();
  } catch {
    return null;
  }
}
