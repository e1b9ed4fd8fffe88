/**
 * What each field of the API says, for its OpenAPI document. A field means the same wherever it has the same name.
 * Where it does not, its entry starts with what it is directly in, a schema, an operation or a field: `Job.id`. What is
 * in `meta` may name the operation.
 */
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";

/**
 * A sentence, and a value as it occurs; enumerations, booleans and what has parts need no example. What it says of null
 * is left out where the field is never null.
 */
type Words = readonly [description: string, example?: unknown];

const time = "2026-11-29T09:30:00.000Z";
const person = "U0AVERY01";
export const exampleTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const hash = "5a4c38502bf8c8d7ce7d77c8e30bf099dd71b23903a71e21495b5768526ab569";
const delivery = "msg_01k6bfpj9m413sds2jr20g0rca_27";
const job = "01k6bfpdb900y6tpf37s6dckpm";

const fields: Record<string, Words> = {
  about: ["What the check found, by name; its content depends on the check."],
  acceptEdits: ["Confirms that changes which others have edited are committed: the code of `edited_since`.", "a1b2c3"],
  acceptedAt: ["When the target took this attempt; null before.", time],
  action: ["What happens to the row."],
  actionItems: ["Your action items, urgent ones first."],
  "counts.actionItems": ["How many action items there are.", 3],
  actor: ["Who did it: a person, a token of theirs, a target, or CV Ops itself."],
  after: ["The value once the commit is applied.", 8],
  again: ["Review was asked for before."],
  alias: ["What people may type for the name; null: nothing else.", "ai"],
  all: ["Whether those that are decided are listed too.", true],
  applied: ["Targets that had applied the commit before they were asked."],
  appliedAt: ["When the target applied the commit; null while it has not.", time],
  appliedBy: ["Who pushed the commit last; null while nobody has.", person],
  approvals: ["Every decision about the commit, oldest first."],
  approvalsNeeded: ["How many approvals a commit needs.", 1],
  approved: ["Commits that have enough approvals by it.", [12]],
  asked: ["Whom it asked for a review."],
  at: ["When it happened.", time],
  attempt: ["1 for the first attempt of the job, one more with each retry by a person.", 1],
  "retryPush.attempt": ["The number of the attempt that was started.", 2],
  attempts: ["How often it was sent.", 1],
  "failing.attempts": ["How many deliveries in a row have failed.", 4],
  author: ["Who made it: a Slack user id.", person],
  base: ["What was live when the change was staged: the row, no row, or unknown because the target was down."],
  "fields.base": ["The value that was live when the change was staged.", 5],
  "begun.rows": ["How many rows are put into it.", 48],
  before: ["The value before the commit.", 5],
  "meta.before": ["The settings before the request."],
  begun: ["Targets that have begun to rebuild their search index.", ["ai-agent"]],
  by: ["Who decided: a Slack user id.", "U0PRIYA01"],
  cancelled: ["Rows that stay as they are, because the changes to them leave nothing."],
  "meta.cancelled": ["Targets at which the push was cancelled.", ["ai-agent"]],
  "createCommit.cancelled": ["Rows that stay as they are, because the changes to them leave nothing."],
  cause: ["Why, in one sentence.", "level must be one of Beginner, Advanced, Expert"],
  change: ["Number of the staged change; null where it is about something else.", 3],
  changeCount: ["How many changes it is made of.", 2],
  changed: ["Whose role the request changed."],
  "changed.before": ["The role before; null where there was none."],
  changes: ["Staged changes, in the order of their numbers."],
  "CommitDetail.changes": ["What the commit is made of, with what the authors wrote; `operations` says what it does."],
  "createCommit.changes": ["Numbers of the changes to commit; all of your own when it is left out.", [1, 2]],
  channelId: ["The Slack channel for cards and threads; null: they go where the command was typed.", "C0DEMO"],
  checks: ["What has to be so before a push, in order."],
  choices: ["Which value stands, for a field, a row or everything."],
  clear: ["Nothing stands between the commit and its push."],
  code: ["Of the sign-in: the device shows it, and the person compares or types it.", "WDJB-MJHT"],
  "Problem.code": ["The reason as one word.", "drifted"],
  "error.code": ["The target's reason as one word; null where it gave none.", "conflict"],
  commit: ["Number of the commit; null where it is about something else.", 12],
  "actionItems.commit": ["The commit that it is about; null where it is about something else."],
  "waiting.commit": ["The commit that it is about; null where it is about something else."],
  "onTheWay.commit": ["The commit whose push is on its way."],
  commitNumber: ["The commit that wrote the row last; null where none has.", 12],
  commits: ["Newest first."],
  "search.commits": ["Commits that were found, best first."],
  completedAt: ["When the job ended; null before.", time],
  conflicts: ["Rows that somebody has changed since the commit was made."],
  contributors: ["Everybody whose input is in it. They do not approve it in team mode.", [person]],
  count: ["How many there are.", 3],
  counts: ["How many entries each part of the page has."],
  "approvals.counts": ["Whether it counts, by today's roles and policy."],
  created: ["Events that the webhook subscribes to.", 42],
  createdAt: ["When it was made.", time],
  createdBy: ["Who made it: a Slack user id.", person],
  d1Count: ["Live rows of the portfolio in the target's database.", 48],
  data: ["What the event says; its content depends on `type`."],
  device: ["What the device calls itself.", "averys-laptop"],
  days: ["For how many days the token is valid.", 90],
  deadLetter: ["Number of the queue message that could not be handled; null where it is about something else.", 1],
  deadLetters: ["Queue messages that could not be handled, newest first."],
  decided: ["How many fields and rows were decided.", 1],
  decidedAt: ["When somebody decided about it; null before.", time],
  decidedBy: ["Who decided about it; null before.", person],
  decision: ["What was decided."],
  deleted: ["Rows that the job deleted.", 0],
  delivered: ["Events that have arrived.", 41],
  deliveries: ["Newest first."],
  description: ["What the webhook is for, in your words.", "Build the website"],
  detail: ["What was wrong, which rule, and what to do.", "There is no commit #99."],
  diff: ["Each field that the commit changes."],
  differenceCount: ["How many there are; `differences` has the first of them.", 1],
  differences: ["Rows that are not as they were pushed, or that differ between targets."],
  disabled: ["Since when nothing is sent there, and why; null while it is active."],
  discarded: ["Numbers of changes that were discarded, because nothing was left of them.", [4]],
  dispatchedAt: ["When this attempt was sent; null while it waits for the target before it.", time],
  done: ["Nothing more follows: applied everywhere and verified, failed, or cancelled."],
  down: ["Targets that do not answer; pushes to them wait."],
  draft: ["Commit without asking for review.", false],
  drifted: ["Targets at which the commit is in conflict with what is live.", ["d1cv"]],
  durationMs: ["How long the last attempt took, in milliseconds; null before the first.", 120],
  elsewhere: ["What the other targets have."],
  endedAt: ["When it arrived or was given up; null before.", time],
  entities: ["The kinds of rows that a portfolio has."],
  entityId: ["Id of the row at its targets.", "python-1"],
  entityType: [`Kind of the row: ${entityTypes.join(", ")}.`, "technology"],
  error: ["Why it failed; null where it has not.", "did not answer within 15 s"],
  errors: ["Every field of the request that does not fit."],
  eventId: ["Number of the event.", 4711],
  events: ["Oldest first."],
  "Webhook.events": ["Types of the events that are sent; all of them when the list is empty.", ["push.completed"]],
  "replayDeliveries.events": [
    "Types of the events that are sent; all of them when the list is empty.",
    ["push.completed"],
  ],
  "rotateWebhookSecret.events": [
    "Types of the events that are sent; all of them when the list is empty.",
    ["push.completed"],
  ],
  "createWebhook.events": ["Types of the events to send; all of them when it is left out.", ["push.completed"]],
  "updateWebhook.events": ["Types of the events to send.", ["push.completed"]],
  example: ["A value as it may be typed.", "5"],
  expected: ["What the commits have made of it, or what the first target has."],
  "Login.expiresAt": ["Until when a person may confirm it.", time],
  "beginLogin.expiresAt": ["Until when a person may confirm it.", time],
  expiresAt: ["Until when the token is valid.", time],
  failed: ["Targets that could not begin.", []],
  "WebhookStatus.failed": ["Events that were given up and wait for a replay.", 1],
  "last24Hours.failed": ["Attempts that failed.", 1],
  "lastHour.failed": ["Attempts that failed.", 0],
  failedAt: ["When it failed for the last time.", time],
  failing: ["Since when every delivery fails, and how many have; null while they arrive."],
  field: ["Name of the field.", "experience_years"],
  "differences.field": ["Name of the field; null: the row as a whole.", "experience_years"],
  fields: ["Names of the fields that both set.", ["level"]],
  "entities.fields": ["The fields of such a row."],
  "conflicts.fields": ["The fields that are in conflict."],
  "left.fields": ["The fields that are in conflict."],
  finished: ["Pushes that have ended, newest first."],
  finishedAt: ["When the push ended; null before.", time],
  exportedAt: ["When it was read.", time],
  "exportPerson.tables": ["Tables with a row in which the person stands."],
  "tables.name": ["Name of the table.", "commits"],
  "tables.rows": ["The rows, without secrets."],
  isWhole: ["Whether it is all: a table lists at most 5,000 rows."],
  pseudonym: ["What the history has in place of their id.", "UERASED5W7K2M9QXA"],
  "exportPerson.userId": ["The person: a Slack user id.", person],
  "erasePerson.userId": ["The person: a Slack user id.", person],
  found: ["What the target holds; null when it gave no answer."],
  growth: ["How many more events wait than an hour ago; below zero they become fewer.", 0],
  "beginLogin.hash": ["SHA-256 of the token that the device has made, in hex.", hash],
  hash: ["Of the content. An approval counts for this content alone.", hash],
  "approveCommit.hash": ["Of the content that you have read: another one is refused as `commit_changed`.", hash],
  "reconcile.targets": ["What was done about each target, in the order of application."],
  sent: ["Commits that the target has again.", [12]],
  "targets.left": ["Commits that it did not get again, because rows of them have changed since.", []],
  recorded: ["Commits that it had applied, which the bot counts as applied from now on.", [13]],
  forgotten: ["Commits that it has applied and the bot has lost; null where their number is unknown.", [14]],
  accepted: ["How many rows of those count as pushed as they are live.", 2],
  "targets.more": ["How many jobs are left: repeat the request.", 0],
  isReindexed: ["Its search index is rebuilt."],
  numbersLeftOut: [
    "How much higher the next numbers are, so that none is given twice; null where that is not needed.",
    1000,
  ],
  skipNumbers: ["Leaves numbers out even where no target has applied more than the bot has."],
  hint: ["What to do, in one sentence; null where there is nothing to do.", "Rotate the secret to see one."],
  "fields.hint": ["What may be typed, in one sentence.", "A whole number, 0 to 60"],
  hits: ["What was found, best first."],
  id: ["Its id.", "python-1"],
  "Delivery.id": ["The `webhook-id` of the request, the same for every attempt.", delivery],
  "Job.id": ["Id of the job: the key that makes its effect happen once.", job],
  "Event.id": ["Number of the event.", 4711],
  "actor.id": ["Slack user id, name of the target, or the part of CV Ops.", person],
  "showJob.id": ["Id of the job.", job],
  "jobEvents.id": ["Id of the job.", job],
  ids: ["Slack user ids, at most 100, with commas between them.", "U0AVERY01,U0PRIYA01"],
  inserted: ["Rows that the job inserted.", 1],
  isTeamNow: ["The workspace was in solo mode and is in team mode by it."],
  jobId: ["Id of the job; null where it is about something else.", job],
  jobs: ["One for each target, in the order of application."],
  kind: ["What kind it is.", "approve"],
  label: ["What people call it.", "Technology"],
  lagMs: ["How long the oldest event that is due has waited, in milliseconds.", 0],
  last24Hours: ["The same of the last 24 hours."],
  lastEventId: ["Number of the newest event that this reply knows; ask for what follows with it.", 4711],
  lastHour: ["What happened in the last hour."],
  lastUsedAt: ["When the token was used last, to the minute; null before.", time],
  left: ["Conflicts that are still to be decided."],
  limit: ["How many entries a page has at most.", 50],
  live: ["What is live now."],
  "fields.live": ["The value that is live now.", 8],
  mayApprove: ["Who may approve commits now.", ["U0PRIYA01"]],
  me: ["Whose request it is, with what they may do."],
  members: ["Everybody who has a role."],
  message: ["The author's words.", "Update Python experience"],
  "error.message": ["Why, in words for people.", "d1cv refused the push: no space is left"],
  meta: ["What the operation says besides."],
  mine: ["Whether you can clear it."],
  mismatches: ["Rows whose parts do not agree within the target."],
  missing: ["How many more approvals it needs.", 1],
  mode: ["team: contributors do not approve. solo: the one person who may approve also approves their own."],
  more: ["There is more than this reply has."],
  "findings.about": ["Which workspace or target; null for the service.", "d1cv"],
  "findings.check": ["Which check.", "target_answers"],
  findings: ["What was looked at, one entry each."],
  "findings.detail": ["What was found, without secrets; null where there is nothing to add.", "status 503"],
  "findings.ok": ["Whether it is as it should be; null where it could not be looked at.", true],
  "findings.remedy": ["What to do about it; null where nothing is wrong.", null],
  "findings.says": ["What should be so.", "The target answers"],
  health: ["Whether pushes go there: `closed` they do; `open` they wait; `half_open` one is tried."],
  keepsOldWebhook: ["Whether webhooks signed with the secret before are taken still, until the next rotation."],
  name: ["What people call it.", "Python"],
  "listTargets.services": [
    "Targets that the operator runs, by name; empty for who may not add targets.",
    ["d1cv", "ai-agent"],
  ],
  "listTargets.targets": ["In the order in which a push applies them."],
  "targets.name": ["Name of the target.", "d1cv"],
  "addTarget.name": ["Name of the target: at most 40 of a to z, 0 to 9 and hyphens.", "archive"],
  "testTarget.name": ["Name of the target.", "d1cv"],
  "rotateTargetSecrets.name": ["Name of the target.", "d1cv"],
  "moveTarget.name": ["Name of the target.", "d1cv"],
  "moveTarget.order": [
    "Names of all targets, in the order in which a push applies them from now on.",
    ["d1cv", "ai-agent"],
  ],
  "moveTarget.to": ["Before all others, or one place earlier or later.", "first"],
  "removeTarget.name": ["Name of the target.", "d1cv"],
  "tokens.name": ["The name that its owner gave the token.", "deploy"],
  "createToken.name": ["A name to know the token by.", "deploy"],
  "checks.name": ["Which check.", "no_drift"],
  "fields.name": ["Name of the field.", "experience_years"],
  next: ["Where the page after this one begins; null on the last page.", null],
  "approveCommit.next": ["What you can do with the commit now: `push` or `retry`; null: nothing.", "push"],
  nextAt: ["When the next attempt is due; null where none is.", time],
  notAsked: ["Targets that gave no answer: what is live there is unknown.", []],
  note: ["The author's remark to reviewers; null where there is none.", "Counted from 2018"],
  number: ["Its number within the workspace.", 12],
  numbers: ["Numbers of the changes.", [1, 2]],
  oldSecretUntil: ["Until when the secret before this one signs as well; null where only one does.", time],
  onTheWay: ["Pushes that have not ended."],
  "counts.onTheWay": ["How many pushes have not ended.", 1],
  operationCount: ["How many rows it changes; null where that is not read.", 1],
  operations: ["What it does to each row: the net effect that is hashed and approved. The first of many."],
  options: ["The values that are possible; null where any is.", ["Beginner", "Advanced", "Expert"]],
  overlapCount: ["How many others are about to change the same rows.", 0],
  overlapHours: ["For how many hours the old secret goes on signing as well.", 24],
  overlaps: ["Who else is about to change the same rows. The first of many."],
  ownCount: ["How many of them are yours.", 2],
  owner: ["For whom the token acts: a Slack user id.", person],
  payload: ["The fields that the change sets."],
  pending: ["Events that wait to be sent.", 0],
  people: ["Names of the people that this reply mentions."],
  percent: ["How far it is, 0 to 100.", 40],
  permalink: [
    "Link to the message that the change was made from; null where there is none.",
    "https://example.slack.com/archives/C0DEMO/p1764408600000100",
  ],
  permissions: ["What you may do.", ["read", "stage"]],
  plural: ["What people call several of them.", "technologies"],
  problem: ["Why the target could not be compared; null when it was.", null],
  profile: ["How long failed deliveries are tried again: `standard` for days, `fast` for minutes.", "standard"],
  push: ["Number of the push; null where it is about something else.", 7],
  pushAgain: ["The commit that repairs it when it is pushed again; null where none does.", 12],
  pushes: ["Newest first."],
  q: ["What to look for, in words.", "machine learning"],
  query: ["What was looked for.", "machine learning"],
  queue: ["Name of the queue.", "cv-push"],
  rate: ["Which part of the attempts arrived, 0 to 1; null without attempts.", 0.98],
  reason: ["Why, in words for people; null where nobody said.", "The figure is from last year"],
  "disabled.reason": ["person: somebody switched it off. gone: it answered 410. failing: it failed for too long."],
  receivedAt: ["When the message arrived.", time],
  replayed: ["How many events are sent again.", 3],
  requestedBy: ["Who pushed: a Slack user id.", person],
  required: ["Whether a new row needs it."],
  result: ["What the job did; null before the target has said so."],
  retries: ["How often people have sent it again.", 0],
  returned: ["Commits that have too few approvals by it, and are in review again.", [13]],
  review: ["Where the review of the commit stands, by today's roles and policy."],
  reviewers: ["Who may approve it.", ["U0PRIYA01"]],
  "requestReview.reviewers": ["Whom to ask; everybody who may approve when it is left out.", ["U0PRIYA01"]],
  role: ["Role in the workspace; null where none helps."],
  row: ["Whether there is the row."],
  rowCount: ["How many rows.", 1],
  rows: ["The rows that both change. The first of many."],
  "listRows.rows": ["Live rows of the target."],
  rule: ["Which rule it breaks.", "must be a whole number"],
  scope: ["`all`, or the name of a target.", "all"],
  scopes: ["What the token may be used for."],
  score: ["How well it fits: 1 is equal, 0 has nothing in common.", 0.71],
  searchable: ["Search finds the change."],
  searchableAt: ["When search found the change; null before, and where the target has no search.", time],
  secret: ["Shown this once: keep it now. Null in the reply to a repeat.", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  seen: ["Of the conflicts as they were shown: others than these are refused as `conflicts_changed`.", hash],
  similar: ["Names of rows that are nearly the same.", ["Python 3"]],
  since: ["From when on.", time],
  stage: ["What the target is doing, in its words; null where it has not said.", "writing"],
  state: ["Where it stands."],
  status: ["Where the commit stands at its targets, such as `pending`, `applied_d1` or `applied_all`.", "applied_all"],
  "Problem.status": ["The HTTP status.", 404],
  "Delivery.status": ["The receiver's HTTP status; null where there was no answer.", 200],
  summary: [
    "What it does, in one line, derived from what is approved; null where that cannot be read.",
    "Python: experience_years 5 → 8",
  ],
  synced: ["Whether the target's database and its search agree; null where it has no search."],
  table: ["The table of the row; null where it is unknown.", "jobs"],
  take: ["mine: yours stands. theirs: what is live stands. value: another value stands.", "mine"],
  portfolioId: ["By which the target knows the rows of this workspace.", "noor-vega"],
  position: ["Its place in the order in which a push applies them, from 0.", 0],
  secrets: ["What the workspace shares with the target; it is never shown."],
  "secrets.request": [
    "Signs our requests: `whsec_` and base64 of 24 to 64 bytes.",
    "whsec_ZXhhbXBsZSBvZiBhIHNpZ25pbmcgc2VjcmV0IQ==",
  ],
  "secrets.webhook": [
    "Signs the target's webhooks, in the same form.",
    "whsec_ZXhhbXBsZSBvZiBhIHNpZ25pbmcgc2VjcmV0IQ==",
  ],
  "secrets.read": ["Sent as a bearer token with each read: 8 to 200 characters.", "a-read-token-of-the-target"],
  service: ["A target that the operator runs, by its name; or give `url`.", "d1cv"],
  target: ["Name of the target; null where it is about something else.", "d1cv"],
  targets: ["Names of the targets.", ["d1cv", "ai-agent"]],
  "CommitDetail.targets": ["Where the commit stands at each of its targets, in the order of application."],
  "verify.targets": ["Each target, with what it holds."],
  title: ["The reason in a few words, the same for every such problem.", "Commit not found"],
  token: ["Name of the token that was used; null for a person who came themselves.", "deploy"],
  tokens: ["Newest first."],
  traceId: ["By which the request is found in logs.", exampleTrace],
  type: ["Which kind."],
  "Problem.type": [
    "Address of the page about this problem.",
    "https://cv-ops.example.com/docs/problems#commit_not_found",
  ],
  unanswered: ["Targets that gave no answer.", []],
  unknown: ["Targets that gave no answer; they are asked again.", []],
  unlike: ["The target that is the measure; null where a commit is.", null],
  unreadable: ["Rows that are left out because they cannot be read."],
  until: ["Up to when.", time],
  updated: ["Rows that the job updated.", 1],
  updatedAt: ["When it was changed last.", time],
  near: ["Where nobody is called so: whom you may have meant."],
  intervalSeconds: ["How long to wait before you ask again, in seconds.", 3],
  "addTarget.url": [
    "The target's address, on a host that the operator allows; null where a service is called.",
    "https://archive.example.com",
  ],
  "targets.url": [
    "The target's address; null where the operator's own service is called.",
    "https://archive.example.com",
  ],
  "beginLogin.url": ["Where a signed-in person confirms it.", "https://cv-ops.example.com/app/login/WDJB-MJHT"],
  url: ["Where events are sent.", "https://example.com/hooks/cv-ops"],
  userId: ["A Slack user id.", person],
  value: ["The value.", 8],
  values: ["The fields of the row."],
  vectorCount: ["Vectors of the portfolio; null where the target has no search.", 48],
  verified: ["Every target has compared what it holds with what was asked."],
  verifiedAt: ["When the target had compared what it holds with what was asked; null before.", time],
  void: ["Why it does not count; null where it does.", null],
  voided: ["The approvals do not count any more, because the content is another one."],
  waiting: ["What waits for others."],
  "counts.waiting": ["How many entries wait for others.", 2],
  waitingSince: ["Since when the job waits for its target to answer; null when it does not.", time],
  webhook: ["Number of the webhook.", 1],
  webhookSecrets: ["How many secrets its webhooks may be signed with now.", 2],
  webhooks: ["In the order of their numbers."],
  who: ["Who can do something about it: Slack user ids.", ["U0PRIYA01"]],
  whole: ["One of the two creates or deletes the row."],
  without: ["Targets that have no search index.", ["d1cv"]],
  workspaceId: ["The Slack workspace.", "T0DEMO"],
  workspaces: ["Those that you can choose from."],
  yours: ["The value that the commit sets.", 9],
};

/** Names around a field, the outermost first. */
type Within = readonly string[];

const wordsOf = (within: Within, name: string): [key: string, Words] | null => {
  const parent = within.at(-1) ?? "";
  const parents = parent === "meta" ? [within[0] ?? "", parent] : [parent];
  for (const key of [...parents.map((each) => `${each}.${name}`), name]) {
    const words = fields[key];
    if (words) return [key, words];
  }
  return null;
};

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `type: ["string", "null"]`, or null as one of several. */
const isNullable = ({ type, anyOf }: Json): boolean =>
  (Array.isArray(type) && type.includes("null")) ||
  (Array.isArray(anyOf) && anyOf.some((each) => isObject(each) && each["type"] === "null"));

/** Puts the words beside each field of a schema, and counts them. */
export class FieldWriter {
  /** Fields without words. */
  readonly missing: string[] = [];
  readonly #used = new Set<string>();

  /** Entries of the table that no field has. */
  get unused(): string[] {
    return Object.keys(fields).filter((key) => !this.#used.has(key));
  }

  describe(within: Within, schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((part: unknown) => this.describe(within, part));
    if (!isObject(schema)) return schema;
    return Object.fromEntries(
      Object.entries(schema).map(([key, part]) => [
        key,
        key === "properties" && isObject(part) ? this.#fields(within, part) : this.describe(within, part),
      ]),
    );
  }

  /** The same of a path's or a query's parameter. */
  parameter(within: Within, name: string): { description?: string; example?: unknown } {
    const [description, example] = this.#find(within, name) ?? [];
    return { ...(description !== undefined && { description }), ...(example !== undefined && { example }) };
  }

  #fields(within: Within, properties: Json): Json {
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => {
        const described = this.describe([...within, name], schema) as Json;
        const [description, example] = this.#find(within, name) ?? [];
        const said = isNullable(described) ? description : description?.replace(/; null[^.]*/, "");
        const words = {
          ...(said !== undefined && { description: said }),
          ...(example !== undefined && { examples: [example] }),
        };
        return [name, { ...described, ...words }];
      }),
    );
  }

  #find(within: Within, name: string): Words | null {
    const found = wordsOf(within, name);
    if (found) this.#used.add(found[0]);
    else this.missing.push([...within, name].join("."));
    return found?.[1] ?? null;
  }
}
