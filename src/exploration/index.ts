import { casesView } from "./cases.ts";
import { caseView } from "./case-story.ts";
import { choicesView } from "./choices.ts";
import { draftView } from "./draft.ts";
import { mapView } from "./map.ts";
import { peopleView } from "./people.ts";
import { pressureView } from "./what-if.ts";
import { seriesView } from "./series.ts";
import { tasksView } from "./workload.ts";
import { variantsView } from "./variants.ts";
import type { View } from "./view.ts";
import { waitingView } from "./waiting.ts";

/**
 * Every view. A new one is a file, a line here and a test; its route and its documentation are drawn from it.
 */
export const views: readonly View[] = [
  mapView,
  variantsView,
  casesView,
  caseView,
  choicesView,
  peopleView,
  waitingView,
  tasksView,
  pressureView,
  seriesView,
  draftView,
];
