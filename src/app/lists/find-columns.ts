/**
 * Which program a list comes from, and what its columns mean, by the names in its header. Names are compared without case and punctuation: `Email Address`,
 * `email_address` and `E-Mail Address` are one.
 */
import { OperatorError } from '../../domain/operator-error.ts';

export type ListForm = 'Renga' | 'Mailchimp' | 'Substack' | 'Ghost' | 'Buttondown' | 'listmonk' | 'plain';

/** `on`: yes means that they want mail; `off`: yes means that they do not. */
export type Meaning =
  | 'address'
  | 'name'
  | 'first name'
  | 'last name'
  | 'state'
  | 'on'
  | 'off'
  | 'asked at'
  | 'confirmed at'
  | 'left at'
  | 'bounced at'
  | 'complained at'
  | 'reason'
  | 'asked from'
  | 'confirmed from'
  | 'labels';

export type Columns = {
  readonly form: ListForm;
  /** Whether the record they were found in is a header, and nobody's line. */
  readonly isHeader: boolean;
  /** By index; several columns may mean the same: the first that is not empty counts. */
  readonly meanings: ReadonlyMap<number, Meaning>;
  /** The header's own names, by index. */
  readonly names: readonly string[];
};

const ADDRESS_NAMES = new Set([
  'email',
  'emailaddress',
  'mail',
  'mailaddress',
  'useremail',
  'subscriberemail',
  'contactemail',
]);
const WEAK_ADDRESS_NAMES = new Set(['address', 'subscriber']);

/** What a name means in whatever list it stands. */
const ANYWHERE: Readonly<Record<string, Meaning>> = {
  name: 'name',
  fullname: 'name',
  displayname: 'name',
  firstname: 'first name',
  fname: 'first name',
  givenname: 'first name',
  lastname: 'last name',
  lname: 'last name',
  surname: 'last name',
  familyname: 'last name',
  optintime: 'asked at',
  createdat: 'asked at',
  creationdate: 'asked at',
  subscribedat: 'asked at',
  subscribeddate: 'asked at',
  signupdate: 'asked at',
  datejoined: 'asked at',
  confirmtime: 'confirmed at',
  confirmedat: 'confirmed at',
  confirmationdate: 'confirmed at',
  unsubtime: 'left at',
  unsubscribedat: 'left at',
  unsubscriptiondate: 'left at',
  unsubscribedate: 'left at',
  unsubreason: 'reason',
  unsubscribereason: 'reason',
  unsubscriptionreason: 'reason',
  cleantime: 'bounced at',
  bouncedat: 'bounced at',
  complainedat: 'complained at',
  optinip: 'asked from',
  ipaddress: 'asked from',
  confirmip: 'confirmed from',
  tags: 'labels',
  labels: 'labels',
};

const STATE_NAMES: Readonly<Record<string, Meaning>> = {
  status: 'state',
  state: 'state',
  subscriptionstatus: 'state',
  emailstatus: 'state',
  subscribertype: 'state',
  subscribed: 'on',
  subscribedtoemails: 'on',
  optedin: 'on',
  unsubscribed: 'off',
  optedout: 'off',
  emaildisabled: 'off',
};

type Knowledge = {
  readonly form: Exclude<ListForm, 'plain' | 'Renga'>;
  /** It is this form when one of these sets of names is there. */
  readonly signs: readonly (readonly string[])[];
  readonly names: Readonly<Record<string, Meaning>>;
};

/** Mailchimp's fields are its writer's own: a `Status` there is not what became of the subscription. */
const FORMS: readonly Knowledge[] = [
  {
    form: 'Mailchimp',
    signs: [['leid', 'euid'], ['memberrating'], ['unsubcampaigntitle'], ['cleancampaigntitle']],
    names: {},
  },
  { form: 'Substack', signs: [['activesubscription']], names: { emaildisabled: 'off' } },
  {
    form: 'Ghost',
    signs: [['subscribedtoemails'], ['complimentaryplan']],
    names: { subscribedtoemails: 'on', deletedat: 'left at', emaildisabled: 'off' },
  },
  {
    form: 'Buttondown',
    signs: [['subscribertype'], ['type', 'creationdate'], ['type', 'emailaddress', 'metadata']],
    names: { subscribertype: 'state', type: 'state' },
  },
  {
    form: 'listmonk',
    signs: [
      ['uuid', 'attributes'],
      ['uuid', 'status'],
    ],
    names: { subscriptionstatus: 'state', status: 'state' },
  },
];

/** Our own export: these and others; what they mean is in `export-columns.ts`. */
const RENGA_SIGNS = ['address', 'state', 'confirmedat', 'endreason', 'story'];

/** Null for a record that tells nothing, such as a header in words of its own: a later one will. Throws where nobody could say which column is meant. */
export function findColumns(fields: readonly string[]): Columns | null {
  const keys = fields.map((field) => field.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const address = findAddress(fields, keys);
  if (address === null) {
    const likely = fields.findIndex((field) => field.includes('@'));
    return likely === -1
      ? null
      : { form: 'plain', isHeader: false, meanings: new Map([[likely, 'address']]), names: [] };
  }
  const known = RENGA_SIGNS.every((sign) => keys.includes(sign))
    ? null
    : FORMS.find(({ signs }) => signs.some((names) => names.every((name) => keys.includes(name))));
  const names = { ...ANYWHERE, ...(known === undefined ? STATE_NAMES : known?.names) };
  const meanings = keys.flatMap((key, index): readonly (readonly [number, Meaning])[] => {
    if (index === address) return [[index, 'address']];
    const meaning = Object.hasOwn(names, key) ? names[key] : undefined;
    return meaning === undefined ? [] : [[index, meaning]];
  });
  return {
    form: known === null ? 'Renga' : (known?.form ?? 'plain'),
    isHeader: true,
    meanings: new Map(meanings),
    names: fields,
  };
}

function findAddress(fields: readonly string[], keys: readonly string[]): number | null {
  // A line of somebody is no header, though their name be `Mail`.
  if (fields.some((field) => field.includes('@'))) return null;
  const strong = keys.flatMap((key, index) => (ADDRESS_NAMES.has(key) ? [index] : []));
  const weak = keys.flatMap((key, index) => (WEAK_ADDRESS_NAMES.has(key) ? [index] : []));
  const found = strong.length > 0 ? strong : weak;
  if (found.length > 1) {
    const columns = found.map((index) => `${index + 1} ("${fields[index] ?? ''}")`).join(' and ');
    throw new OperatorError(
      `line 1: columns ${columns} may both be the address`,
      'Rename the one that is not.',
    );
  }
  return found[0] ?? null;
}
