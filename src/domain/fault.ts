/** Everything that stops delivering by itself, as a closed list: the code that stands in a pause, what it means and what to do. `docs/errors.md` shows it. */

export const FAULTS = {
  'smtp-unreachable': {
    meaning: 'The mail server cannot be reached',
    remedy:
      'Nothing is lost; it is tried again by itself, ever more seldom. Is the server in smtp.url right, and up?',
  },
  'smtp-refused': {
    meaning: 'The mail server refuses us',
    remedy:
      'Check login, certificate and port of smtp.url; delivering goes on by itself when the server lets us in.',
  },
  'smtp-policy': {
    meaning: 'The mail server refuses our mail',
    remedy:
      'This is about our standing with the server, not about one subscriber: check SPF, DKIM, the sender address and the account.',
  },
  'smtp-throttled': {
    meaning: 'The mail server takes no more for now',
    remedy:
      'Nothing is lost; it goes on by itself, with fewer connections. If this comes often, set smtp.rate to what the account may send.',
  },
  'smtp-dropped': {
    meaning: 'The mail server breaks off one message after the other',
    remedy: 'Nothing is lost; it is tried again by itself. Ask the provider if it lasts.',
  },
} as const;

export type FaultCode = keyof typeof FAULTS;
