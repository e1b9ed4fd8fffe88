/** Intents about commits: reviews, pushes, conflicts, and their end. */
import type { Random } from "../../../../test/support/random.ts";
import { type Draw, type Drifted, type Kind, type SeenCommit, has, numberOf, quotedRow, type } from "./draw.ts";

export const commitKinds = (draw: Draw): Kind[] => [...reviewKinds(draw), ...pushKinds(draw), ...endKinds(draw)];

const isPushable = ({ review, open, status }: SeenCommit): boolean =>
  review === "approved" && open === 0 && status !== "applied_all";

const reviewKinds = ({ commits, commit, step, random, editor, approver }: Draw): Kind[] => {
  const reviewable = commits.filter(({ review }) => review === "in_review" || review === "draft");
  const inReview = commits.filter(({ review }) => review === "in_review");
  const drafts = commits.filter(({ review }) => review === "draft");
  const pushable = commits.filter(isPushable);
  return [
    ["approve", has(reviewable, 12), type(approver, `approve ${numberOf(random, reviewable)}`)],
    ["reject", has(inReview, 1.2), type(approver, `reject ${numberOf(random, inReview)} not step ${step}`)],
    ["review", has(drafts, 3), type(authorOf(drafts, random, editor), `review ${numberOf(random, drafts)}`)],
    ["withdraw", has(pushable, 1), type(approver, `withdraw ${numberOf(random, pushable)}`)],
    ["approve in any state", 0.8, type(approver, `approve ${commit}`)],
  ];
};

/** Who has made the only commit of these; otherwise anybody. */
const authorOf = (commits: readonly SeenCommit[], random: Random, editor: string): string =>
  commits[0] && random.chance(0.7) ? commits[0].created_by : editor;

const pushKinds = ({ commits, commit, drifted, random, approver, admin }: Draw): Kind[] => {
  const pushable = commits.filter((each) => isPushable(each) && !drifted.some(({ id }) => id === each.id));
  const failed = commits.filter(({ status }) => status === "failed");
  const underWay = commits.filter(({ open }) => open > 0);
  const scope = random.pick(["all", "all", "d1cv", "ai"]);
  const inConflict = drifted.length > 0 ? random.pick(drifted) : null;
  return [
    ["push", has(pushable, 20), type(approver, `push ${numberOf(random, pushable)} ${scope}`)],
    ["retry", has(failed, 25), type(approver, `retry ${numberOf(random, failed)}`)],
    ["cancel", has(underWay, 2.5), type(approver, `cancel ${numberOf(random, underWay)}`)],
    ["push in any state", 1, type(approver, `push ${commit}`)],
    // After somebody else has edited a row under the commit, or another commit was pushed first.
    [
      "resolve",
      inConflict ? 4 : 0.1,
      type(
        inConflict && random.chance(0.4) ? inConflict.created_by : admin,
        `resolve ${inConflict?.number ?? commit} ${choiceOf(inConflict, random)}`,
      ),
    ],
  ];
};

const choiceOf = (drifted: Drifted | null, random: Random): string => {
  const take = random.pick(["mine", "theirs"]);
  if (!drifted || random.chance(0.4)) return take;
  const { row, field } = random.pick(drifted.drift);
  const typed = quotedRow(row);
  if (field === null || random.chance(0.3)) return `${take} ${typed}`;
  const isNumber = field === "experience_years";
  return random.pick([
    `${take} ${typed} ${field}`,
    `${typed} ${field}=${isNumber ? random.between(20, 30) : "resolved"}`,
  ]);
};

const endKinds = ({ commits, commit, random, editor, admin }: Draw): Kind[] => {
  const inPart = commits.filter(({ status }) => status.startsWith("applied_") && status !== "applied_all");
  const own = commits.find(({ number }) => number === commit)?.created_by ?? editor;
  const closer = random.chance(0.6) ? own : editor;
  return [
    ["drop", 0.3, type(closer, `drop ${commit}`)],
    ["reopen", 0.3, type(closer, `reopen ${commit}`)],
    // What has to be refused: a target has applied the commit, or it is in some other state.
    [
      "close what is applied",
      has(inPart, 1),
      type(admin, `${random.pick(["drop", "reopen"])} ${numberOf(random, inPart)}`),
    ],
  ];
};
