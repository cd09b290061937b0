import { activities } from "./activities.ts";
import { executions } from "./executions.ts";
import { follows } from "./follows.ts";
import { handovers } from "./handovers.ts";
import { missingValues } from "./missing-values.ts";
import { weeks } from "./spans.ts";
import { variants } from "./variants.ts";

/** Every summary: what is counted of a log, in parts or whole. */
export const summaries = { activities, follows, variants, executions, handovers, weeks, missingValues };
