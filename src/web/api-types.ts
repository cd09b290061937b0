// Drawn from docs/openapi.json by test/server/api.test.ts (-u renews it). Not to be changed by hand.

export type Requirement =
  | {
      id: string;
      processId: string;
      kind: "fields";
      step?: string;
      /**
       * @minItems 1
       * @maxItems 50
       */
      columns: [string, ...string[]];
      share?: number;
    }
  | {
      id: string;
      processId: string;
      kind: "owner";
      step: string;
    }
  | {
      id: string;
      processId: string;
      kind: "handoff";
      from: string;
      to: string;
      share?: number;
    }
  | {
      id: string;
      processId: string;
      kind: "authoritative";
      field: string;
    }
  | {
      id: string;
      processId: string;
      kind: "volume";
      step?: string;
      perMonth: number;
    }
  | {
      id: string;
      processId: string;
      kind: "consistency";
      step?: string;
      share?: number;
    };
export type Money = {
  kind: "cash" | "working capital" | "labour" | "delay" | "exposure";
  low: number;
  mid: number;
  high: number;
  currency: string;
  basis: string;
  [k: string]: unknown;
} & Money1;
export type Money1 = {
  kind: "cash" | "working capital" | "labour" | "delay" | "exposure";
  low: number;
  mid: number;
  high: number;
  currency: string;
  basis: string;
  [k: string]: unknown;
} | null;

export interface Api {
  "GET /session": {
    answer: {
      kind: "person" | "token";
      id: string;
      name: string;
      email: string | null;
      secondFactor: boolean;
      organisations: {
        id: string;
        name: string;
        role: string;
        until: string | null;
        /**
         * what this role may do here
         */
        rights: string[];
        /**
         * the sample organisation
         */
        sample: boolean;
      }[];
    };
  };
  "POST /session": {
    body: {
      email: string;
      password: string;
    };
    answer: {
      secondFactorNeeded: boolean;
    };
  };
  "DELETE /session": {};
  "GET /sign-in": {
    answer: {
      password: boolean;
      company: boolean;
    };
  };
  "POST /session/second-factor": {
    body: {
      code: string;
    };
  };
  "POST /session/company": {
    body: {};
    answer: {
      url: string;
    };
  };
  "PUT /session/password": {
    body: {
      current: string;
      next: string;
    };
  };
  "POST /session/second-factors": {
    body: {
      password: string;
    };
    answer: {
      address: string;
      backupCodes: string[];
    };
  };
  "DELETE /session/second-factors": {
    body: {
      password: string;
    };
  };
  "POST /session/second-factors/confirmation": {
    body: {
      code: string;
    };
  };
  "POST /links/look": {
    body: {
      link: string;
    };
    answer: {
      purpose: "first-admin" | "invitation" | "new-password";
      email: string | null;
      signInFirst: boolean;
    };
  };
  "POST /links/first-admin": {
    body: {
      link: string;
      name: string;
      email: string;
      password: string;
      organisation: string;
    };
    answer: {
      organisationId: string;
    };
  };
  "POST /links/invitation": {
    body: {
      link: string;
      name?: string;
      password?: string;
    };
    answer: {
      organisationId: string;
    };
  };
  "POST /links/new-password": {
    body: {
      link: string;
      password: string;
    };
  };
  "POST /organisations": {
    body: {
      name: string;
    };
    answer: {
      id: string;
    };
  };
  "GET /organisations/{org}": {
    answer: Organisation;
  };
  "PATCH /organisations/{org}": {
    body: {
      name?: string;
      settings?: {
        rates?: {
          currency: string;
          default: number;
          roles?: {
            [k: string]: number;
          };
          delayPerDay?: number;
          capital?: number;
        };
        timeZone?: string;
        /**
         * evidence that a newer import has replaced is removed after so many months
         */
        keepEvidenceMonths?: number;
        /**
         * who gets what changed in a week; sent only when something did, and only where SMTP_URL is set
         */
        brief?: {
          /**
           * @maxItems 50
           */
          to: string[];
          /**
           * 1 is Monday
           */
          weekday: number;
          hour: number;
        };
      };
    };
  };
  "GET /organisations/{org}/members": {
    answer: {
      items: {
        id: string;
        name: string;
        email: string;
        role: string;
        until: string | null;
        version: number;
        secondFactor: boolean;
      }[];
    };
  };
  "POST /organisations/{org}/members": {
    body: {
      email: string;
      name: string;
      role: "viewer" | "analyst" | "process owner" | "approver" | "assessor" | "admin";
      until?: string | null;
    };
    answer: {
      link: string;
      expiresAt: string;
    };
  };
  "GET /organisations/{org}/invitations": {
    answer: {
      items: {
        email: string;
        name: string | null;
        role: string;
        expiresAt: string;
      }[];
    };
  };
  "DELETE /organisations/{org}/invitations/{email}": {};
  "PATCH /organisations/{org}/members/{person}": {
    body: {
      role?: "viewer" | "analyst" | "process owner" | "approver" | "assessor" | "admin";
      until?: string | null;
    };
  };
  "DELETE /organisations/{org}/members/{person}": {};
  "POST /organisations/{org}/members/{person}/new-password-link": {
    answer: {
      link: string;
      expiresAt: string;
    };
  };
  "GET /organisations/{org}/tokens": {
    answer: {
      items: {
        id: string;
        name: string;
        role: string;
        madeAt: string;
        expiresAt: string;
        revokedAt: string | null;
        lastUsedAt: string | null;
      }[];
    };
  };
  "POST /organisations/{org}/tokens": {
    body: {
      name: string;
      role: "viewer" | "analyst" | "agent";
      days?: number;
    };
    answer: {
      id: string;
      secret: string;
      expiresAt: string;
    };
  };
  "DELETE /organisations/{org}/tokens/{token}": {};
  "GET /organisations/{org}/processes": {
    query: {
      limit?: number;
      after?: string;
    };
    answer: {
      items: {
        id: string;
        name: string;
        createdAt: string;
        audit: {
          id: string;
          at: string;
          headline: AuditHeadline;
        } | null;
      }[];
      next: string | null;
    };
  };
  "POST /organisations/{org}/processes": {
    body: {
      name: string;
      settings?: {
        timeZone?: string;
        calendar?: {
          timeZone?: string;
          hours: {
            mon?: null | "off" | string;
            tue?: null | "off" | string;
            wed?: null | "off" | string;
            thu?: null | "off" | string;
            fri?: null | "off" | string;
            sat?: null | "off" | string;
            sun?: null | "off" | string;
          };
          /**
           * @maxItems 5000
           */
          holidays?: string[];
        };
        /**
         * @maxItems 200
         */
        approvals?: string[];
        thresholds?: {
          [k: string]: {
            [k: string]: number;
          };
        };
        /**
         * working days that a remedy takes here, by its id
         */
        remedyDays?: {
          [k: string]: number;
        };
      };
    };
    answer: {
      id: string;
    };
  };
  "GET /organisations/{org}/processes/{process}": {
    answer: Process;
  };
  "PATCH /organisations/{org}/processes/{process}": {
    body: {
      name?: string;
      settings?: {
        timeZone?: string;
        calendar?: {
          timeZone?: string;
          hours: {
            mon?: null | "off" | string;
            tue?: null | "off" | string;
            wed?: null | "off" | string;
            thu?: null | "off" | string;
            fri?: null | "off" | string;
            sat?: null | "off" | string;
            sun?: null | "off" | string;
          };
          /**
           * @maxItems 5000
           */
          holidays?: string[];
        };
        /**
         * @maxItems 200
         */
        approvals?: string[];
        thresholds?: {
          [k: string]: {
            [k: string]: number;
          };
        };
        /**
         * working days that a remedy takes here, by its id
         */
        remedyDays?: {
          [k: string]: number;
        };
      };
    };
  };
  "DELETE /organisations/{org}/processes/{process}": {};
  "GET /organisations/{org}/implementations": {
    answer: {
      items: Implementation[];
    };
  };
  "POST /organisations/{org}/implementations": {
    body: {
      name: string;
      tool?: string | null;
      state: "planned" | "in use";
      /**
       * when it goes live, or went
       */
      startsOn?: string | null;
      costPerMonth?: number | null;
      currency?: string | null;
      /**
       * @maxItems 200
       */
      touches?: {
        processId: string;
        /**
         * @maxItems 500
         */
        steps?: string[];
      }[];
      note?: string | null;
      /**
       * what it needs of the processes that it touches; each becomes a claim with the next audit
       *
       * @maxItems 200
       */
      requires?: Requirement[];
      /**
       * its requirements document as text: each sentence that demands something becomes a claim
       */
      document?: string | null;
    };
    answer: {
      id: string;
    };
  };
  "PUT /organisations/{org}/implementations/{implementation}": {
    body: {
      name: string;
      tool?: string | null;
      state: "planned" | "in use";
      /**
       * when it goes live, or went
       */
      startsOn?: string | null;
      costPerMonth?: number | null;
      currency?: string | null;
      /**
       * @maxItems 200
       */
      touches?: {
        processId: string;
        /**
         * @maxItems 500
         */
        steps?: string[];
      }[];
      note?: string | null;
      /**
       * what it needs of the processes that it touches; each becomes a claim with the next audit
       *
       * @maxItems 200
       */
      requires?: Requirement[];
      /**
       * its requirements document as text: each sentence that demands something becomes a claim
       */
      document?: string | null;
    };
  };
  "DELETE /organisations/{org}/implementations/{implementation}": {};
  "GET /organisations/{org}/implementations/{implementation}": {
    answer: Inventory;
  };
  "GET /organisations/{org}/implementations/{implementation}/inventory.pdf": {};
  "GET /organisations/{org}/implementations/{implementation}/escalation.pdf": {};
  "PATCH /organisations/{org}/implementations/{implementation}/gaps/{gap}": {
    body: {
      owner?: string | null;
      decideBy?: string | null;
    };
  };
  "POST /organisations/{org}/implementations/{implementation}/gap-notes": {
    body: {
      kind?: "note" | "meeting";
      text: string;
      /**
       * those that it is about; each gets an entry of its own
       *
       * @maxItems 500
       */
      gaps?: string[];
      gapBecomes?: "accepted" | "open";
      /**
       * the last day of the acceptance, at most a year from now; 90 days from now where none is said. The gap is open again after it
       */
      until?: string;
    };
    answer: {
      ids: string[];
    };
  };
  "POST /organisations/{org}/implementations/{implementation}/promises": {
    body: {
      metric: string;
      /**
       * what is measured week by week of the steps it touches; null for anything else
       */
      measure?: "hours" | "again" | "wait" | null;
      direction: "less" | "more";
      size?: number | null;
      unit?: string | null;
      by: string;
      comparison: string;
    };
    answer: {
      id: string;
    };
  };
  "DELETE /organisations/{org}/implementations/{implementation}/promises/{promise}": {};
  "POST /organisations/{org}/implementations/{implementation}/countersignatures": {
    body: {
      judgement: "agrees" | "agrees with reservations" | "does not agree";
      note: string;
      hash: string;
    };
    answer: {
      id: string;
    };
  };
  "GET /measures": {
    answer: Measures;
  };
  "GET /organisations/{org}/implementations/{implementation}/results": {
    query: {
      /**
       * a process that it does not touch, with the same ups and downs
       */
      compare?: string;
    };
    answer: Outcome;
  };
  "POST /organisations/{org}/documents/text": {
    body: {
      name: string;
      /**
       * the file, in base64
       */
      content: string;
    };
    answer: {
      text: string;
      kind: "text" | "Word" | "OpenDocument" | "PDF";
      pages: number | null;
      /**
       * it was longer than a requirements document may be; its end is missing
       */
      cut: boolean;
    };
  };
  "OPTIONS /uploads": {};
  "POST /organisations/{org}/uploads": {};
  "GET /organisations/{org}/uploads/{upload}": {
    answer: {
      id: string;
      name: string;
      bytes: number;
      received: number;
      madeAt: string;
    };
  };
  "PATCH /organisations/{org}/uploads/{upload}": {};
  "DELETE /organisations/{org}/uploads/{upload}": {};
  "POST /organisations/{org}/uploads/{upload}/preview": {
    body: {
      options?: {
        case?: string;
        activity?: string;
        time?: string;
        start?: string;
        "time-of-day"?: string;
        "start-time-of-day"?: string;
        person?: string;
        role?: string;
        sheet?: string;
        "object-type"?: string;
        lifecycle?: "pairs" | "events" | "complete";
        classifier?: string;
        "date-order"?: "dmy" | "mdy";
        decimal?: "." | ",";
        "time-zone"?: string;
        encoding?: string;
        separator?: string;
        strict?: boolean;
      };
    };
    answer: {
      format: string;
      columns: {
        name: string;
        takenAs: string | null;
        how: string | null;
      }[];
      rows: string[][];
      read: number;
      kept: number;
      rejected: number;
      rejections: {
        at: number;
        unit: string;
        column: string | null;
        expected: string;
        got: string;
      }[];
      cases: number;
      beginning: boolean;
      notes: string[];
      problem: {
        code: string;
        where: string;
        message: string;
      } | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/imports": {
    answer: {
      items: {
        id: string;
        kind: "events" | "records";
        name: string;
        tag: string;
        options: {
          [k: string]: unknown;
        };
      }[];
    };
  };
  "POST /organisations/{org}/processes/{process}/imports": {
    body: {
      uploadId: string;
      kind?: "events" | "records";
      name?: string;
      tag?: string;
      options?: {
        case?: string;
        activity?: string;
        time?: string;
        start?: string;
        "time-of-day"?: string;
        "start-time-of-day"?: string;
        person?: string;
        role?: string;
        sheet?: string;
        "object-type"?: string;
        lifecycle?: "pairs" | "events" | "complete";
        classifier?: string;
        "date-order"?: "dmy" | "mdy";
        decimal?: "." | ",";
        "time-zone"?: string;
        encoding?: string;
        separator?: string;
        strict?: boolean;
      };
    };
    answer: {
      workId: string;
      importId: string;
    };
  };
  "GET /organisations/{org}/processes/{process}/logs": {
    query: {
      limit?: number;
      after?: string;
    };
    answer: {
      items: {
        id: string;
        importId: string;
        file: string;
        summary: {
          [k: string]: unknown;
        };
        account: string;
        notes: string[];
        hasRejected: boolean;
        madeAt: string;
      }[];
      next: string | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/logs/{log}/rejected": {};
  "GET /organisations/{org}/processes/{process}/descriptions": {
    answer: {
      items: {
        number: number;
        madeBy: string;
        madeAt: string;
        signedBy: string | null;
        signedAt: string | null;
      }[];
    };
  };
  "POST /organisations/{org}/processes/{process}/descriptions": {
    body: {
      text: string;
      name?: string;
    };
    answer: {
      number: number;
      notes: string[];
      workId: string | null;
    };
  };
  "POST /organisations/{org}/descriptions/check": {
    body: {
      text: string;
    };
    answer: {
      problems: {
        line: number | null;
        column: number | null;
        message: string;
      }[];
      steps: string[];
      flow: {
        /**
         * there are more ways than can be drawn: of steps in parallel those between them are left out, and if need be of each step all but the nearest
         */
        simplified: boolean;
        width: number;
        height: number;
        nodes: {
          id: number;
          name: string;
          role: string | null;
          /**
           * every run has it
           */
          always: boolean;
          x: number;
          y: number;
          width: number;
          height: number;
        }[];
        edges: {
          from: number;
          to: number;
          points: [number, number][];
        }[];
      } | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/descriptions/{number}": {
    answer: {
      number: number;
      madeBy: string;
      madeAt: string;
      signedBy: string | null;
      signedAt: string | null;
      text: string | null;
      content: {
        [k: string]: unknown;
      };
    };
  };
  "GET /organisations/{org}/processes/{process}/descriptions/{number}/differences": {
    query: {
      from?: number;
    };
    answer: {
      from: number;
      to: number;
      differences: string[];
    };
  };
  "GET /organisations/{org}/processes/{process}/descriptions/{number}/hand-over.pdf": {};
  "POST /organisations/{org}/processes/{process}/descriptions/{number}/signature": {};
  "GET /organisations/{org}/processes/{process}/audits": {
    query: {
      limit?: number;
      after?: string;
    };
    answer: {
      items: {
        id: string;
        at: string;
        logId: string;
        descriptionNumber: number | null;
        headline: AuditHeadline;
        reports: string[];
      }[];
      next: string | null;
    };
  };
  "POST /organisations/{org}/processes/{process}/audits": {
    answer: {
      workId: string;
    };
  };
  "GET /organisations/{org}/processes/{process}/audits/{audit}/document": {
    answer: string;
  };
  "GET /organisations/{org}/processes/{process}/audits/{audit}/report.{format}": {};
  "GET /organisations/{org}/processes/{process}/map": {
    query: {
      /**
       * share of the activities shown (default: what stays readable)
       */
      activities?: number | null;
      /**
       * share of the ways shown (default: what stays readable)
       */
      paths?: number | null;
      /**
       * choose what is shown by the selected cases alone, not by all cases
       */
      anew?: "true" | "false";
      filter?: string;
    };
    answer: {
      cases: number;
      allCases: number;
      events: number;
      width: number;
      height: number;
      nodes: {
        /**
         * negative for begin and end
         */
        id: number;
        name: string;
        count: number;
        cases: number;
        /**
         * in milliseconds
         */
        handling: {
          median: number;
          mean: number;
          p90: number;
          max: number;
        } | null;
        /**
         * against the description; null without one
         */
        standing: "as described" | "out of order" | "never described" | "never seen" | null;
        /**
         * the described step, where it has another name
         */
        step: string | null;
        /**
         * who should do it
         */
        role: string | null;
        x: number;
        y: number;
        width: number;
        height: number;
      }[];
      edges: {
        from: number;
        to: number;
        fromName: string | null;
        toName: string | null;
        count: number;
        cases: number;
        /**
         * in milliseconds
         */
        wait: {
          median: number;
          mean: number;
          p90: number;
          max: number;
        } | null;
        /**
         * against the description; null without one
         */
        standing: "as described" | "out of order" | "never described" | "never seen" | null;
        points: [number, number][];
        /**
         * @minItems 2
         */
        label: [number, number];
      }[];
      activities: {
        shown: number;
        all: number;
        share: number;
      };
      paths: {
        shown: number;
        all: number;
        share: number;
      };
      /**
       * share of the selected cases that the picture shows completely
       */
      explained: number | null;
      described: boolean;
    };
  };
  "GET /organisations/{org}/processes/{process}/variants": {
    query: {
      from?: number | null;
      most?: number;
      filter?: string;
    };
    answer: {
      cases: number;
      /**
       * different ways
       */
      total: number;
      /**
       * ways needed for 80 % of the cases
       */
      for80: number | null;
      activities: string[];
      items: {
        id: string;
        /**
         * numbers in activities; at most 100
         */
        steps: number[];
        length: number;
        cases: number;
        share: number;
        covered: number;
        medianMs: number;
        p90Ms: number;
      }[];
    };
  };
  "GET /organisations/{org}/processes/{process}/cases": {
    query: {
      from?: number | null;
      most?: number;
      order?: "begin" | "-begin" | "duration" | "-duration" | "events" | "-events";
      filter?: string;
    };
    answer: {
      total: number;
      allCases: number;
      items: {
        id: string;
        begin: string | null;
        end: string | null;
        durationMs: number;
        events: number;
        people: number | null;
        closed: boolean;
        amount: number | null;
      }[];
      amountColumn: string | null;
      /**
       * of all selected cases, in milliseconds
       */
      durations: {
        median: number;
        p90: number;
        max: number;
      } | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/case": {
    query: {
      /**
       * the name under which lists show it
       */
      case?: string;
      filter?: string;
    };
    answer: {
      found: boolean;
      id: string;
      events: {
        activity: string;
        begin: string | null;
        end: string | null;
        role: string | null;
        /**
         * a number instead of a name
         */
        person: number | null;
        /**
         * on the clock since the event before
         */
        waitMs: number | null;
        waitWorkingMs: number | null;
        standing: "as described" | "never described" | null;
        attributes: [string, string][];
      }[];
      /**
       * there are more events
       */
      cut: boolean;
      attributes: [string, string][];
      records: {
        table: string;
        columns: string[];
        rows: string[][];
      }[];
      /**
       * cases that went the same way, this one included
       */
      variantCases: number;
    };
  };
  "GET /organisations/{org}/processes/{process}/choices": {
    query: {
      filter?: string;
    };
    answer: {
      cases: number;
      selected: number;
      from: string | null;
      to: string | null;
      weeks: {
        from: string | null;
        /**
         * days in one bar
         */
        days: number;
        /**
         * cases begun
         */
        all: number[];
        selected: number[];
      };
      activities: {
        name: string;
        cases: number;
      }[];
      roles: string[];
      columns: {
        name: string;
        values: {
          value: string;
          /**
           * selected ones
           */
          cases: number;
        }[];
      }[];
      durations: {
        median: number;
        p90: number;
        max: number;
      } | null;
      /**
       * the log tells people apart
       */
      individuals: boolean;
    };
  };
  "GET /organisations/{org}/processes/{process}/people": {
    query: {
      filter?: string;
    };
    answer: {
      cases: number;
      /**
       * people who did something in the selected cases
       */
      people: number;
      /**
       * what makes a group; null: nobody is visible
       */
      groupedBy: "role" | "same work" | null;
      width: number;
      height: number;
      groups: {
        id: number;
        name: string;
        people: number;
        events: number;
        x: number;
        y: number;
        width: number;
        height: number;
      }[];
      handovers: {
        from: number;
        to: number;
        count: number;
        share: number;
        points: [number, number][];
        /**
         * @minItems 2
         */
        label: [number, number];
      }[];
      /**
       * share of the steps after which work stays with the same person
       */
      kept: number | null;
      steps: {
        activity: string;
        executions: number;
        people: number;
        /**
         * share of whoever does most
         */
        topShare: number | null;
        /**
         * the described role
         */
        should: string | null;
        does: {
          role: string;
          share: number;
        }[];
        /**
         * share done by people entitled to it
         */
        asDescribed: number | null;
        top: {
          person: number;
          share: number;
        }[];
        /**
         * share done by programs
         */
        programs: number;
      }[];
      missing: string[];
    };
  };
  "GET /organisations/{org}/processes/{process}/waiting": {
    query: {
      filter?: string;
    };
    answer: {
      cases: number;
      /**
       * of all waits, in working time
       */
      totalMs: number;
      /**
       * waiting of a case in working time, median
       */
      caseMedianMs: number | null;
      calendar: string;
      /**
       * most waiting first; at most 200
       */
      edges: {
        from: string;
        to: string;
        count: number;
        cases: number;
        /**
         * each wait in working time
         */
        times: {
          median: number;
          mean: number;
          p90: number;
          max: number;
        };
        totalMs: number;
        /**
         * for somebody outside, by the name of the step
         */
        external: boolean;
        /**
         * milliseconds by cause
         */
        causes: {
          batching: number;
          contention: number;
          prioritisation: number;
          unavailability: number;
          extraneous: number;
        } | null;
      }[];
      /**
       * all waits by cause, on the clock; null where causes are not visible
       */
      causes: {
        batching: number;
        contention: number;
        prioritisation: number;
        unavailability: number;
        extraneous: number;
      } | null;
      withoutPersonMs: number | null;
      /**
       * what would make causes visible
       */
      missing: string[];
    };
  };
  "GET /organisations/{org}/processes/{process}/workload": {
    query: {
      filter?: string;
    };
    answer: {
      cases: number;
      /**
       * length of the evidence
       */
      weeks: number;
      /**
       * of all work whose handling time is known
       */
      hours: number | null;
      compensationHours: number | null;
      kinds: {
        kind: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | "do";
        hours: number | null;
        executions: number;
        activities: number;
      }[];
      activities: {
        name: string;
        kind: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | "do";
        /**
         * what tells the kind
         */
        told: "description" | "name";
        executions: number;
        byPrograms: number;
        cases: number;
        hoursEach: number | null;
        basis: "measured" | "estimated" | null;
        hours: number | null;
        compensates: boolean;
      }[];
      /**
       * what would make hours visible
       */
      missing: string[];
    };
  };
  "GET /organisations/{org}/processes/{process}/what-if": {
    query: {
      /**
       * what is asked; without it only whether the process can be simulated
       */
      ask?: "away" | "volume" | "moved" | "assistant";
      /**
       * away: who, by number
       */
      person?: number;
      /**
       * away: how long (default 2)
       */
      weeks?: number;
      /**
       * volume: how much more; 0.3 is 30 %
       */
      more?: number | null;
      /**
       * volume: only around the end of a month
       */
      monthEnd?: "true" | "false";
      /**
       * moved: the role that does the work today
       */
      from?: string;
      /**
       * moved: the role that would
       */
      to?: string;
      /**
       * assistant: the step that it takes
       */
      step?: string;
      /**
       * assistant: of how many executions (default 0.8)
       */
      share?: number | null;
      /**
       * assistant: how many of them wrongly (default 0.02)
       */
      error?: number | null;
      filter?: string;
    };
    answer: {
      /**
       * what is missing to simulate this process
       */
      missing: string[];
      /**
       * how long cases take; how long they wait for a step; how long is left after a step
       */
      check: {
        /**
         * hours between simulated and seen times in weeks not fitted (earth mover's)
         */
        distance: number;
        /**
         * the same between the fitted weeks and those
         */
        before: number;
        /**
         * of the seen ones
         */
        mean: number;
        simulatedMean: number;
        cases: number;
        isEnough: boolean;
        waits: {
          /**
           * hours between simulated and seen times in weeks not fitted (earth mover's)
           */
          distance: number;
          /**
           * the same between the fitted weeks and those
           */
          before: number;
          /**
           * of the seen ones
           */
          mean: number;
          simulatedMean: number;
        } | null;
        remaining: {
          /**
           * hours between simulated and seen times in weeks not fitted (earth mover's)
           */
          distance: number;
          /**
           * the same between the fitted weeks and those
           */
          before: number;
          /**
           * of the seen ones
           */
          mean: number;
          simulatedMean: number;
        } | null;
      } | null;
      fits: boolean;
      /**
       * of all waits, what queues and absences explain: only that reacts
       */
      queueShare: number;
      /**
       * of all waits, those for the next run of what is done in runs
       */
      runShare: number;
      /**
       * steps that are saved up and done together
       */
      inRuns: string[];
      /**
       * what is taken up first, most urgent first; null where it is what has waited longest
       */
      priority: {
        column: string;
        values: string[];
        ahead: number;
      } | null;
      people: {
        person: number;
        role: string | null;
      }[];
      roles: string[];
      /**
       * that people do
       */
      steps: string[];
      /**
       * what of the question cannot be asked here
       */
      wrong: string | null;
      answer: {
        runs: number;
        weeks: number;
        casesPerRun: number;
        /**
         * hours that a case takes
         */
        mean: {
          without: number;
          withIt: number;
          difference: number;
          /**
           * 95 %, over the runs
           *
           * @minItems 2
           */
          interval: [number, number];
        };
        p90: {
          without: number;
          withIt: number;
          difference: number;
          /**
           * 95 %, over the runs
           *
           * @minItems 2
           */
          interval: [number, number];
        };
        unfinished: {
          without: number;
          withIt: number;
          difference: number;
          /**
           * 95 %, over the runs
           *
           * @minItems 2
           */
          interval: [number, number];
        };
        /**
         * hours waited for a step, most changed first
         */
        steps: {
          without: number;
          withIt: number;
          difference: number;
          /**
           * 95 %, over the runs
           *
           * @minItems 2
           */
          interval: [number, number];
          step: string;
        }[];
        people: {
          person: number;
          without: number;
          withIt: number;
        }[];
      } | null;
      /**
       * what the log shows of times like the one asked about; null where a log cannot show it
       */
      past: {
        /**
         * times in which it was already so, newest first
         */
        spans: {
          from: string;
          to: string;
          /**
           * that began then
           */
          cases: number;
          /**
           * hours that these took
           */
          mean: number;
          /**
           * hours that those took that began around it
           */
          around: number;
          /**
           * times as many began a day as around it
           */
          rate: number;
        }[];
        /**
         * hours that cases took longer then, on average
         */
        difference: number | null;
        /**
         * 95 %, over three spans or more
         *
         * @minItems 2
         */
        interval: [number, number] | null;
        /**
         * where it was never so: the most that came, times what is usual
         */
        most: number | null;
        /**
         * times like that with too few cases to compare
         */
        tooFew: number;
      } | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/series": {
    query: {
      /**
       * steps or activities as a JSON list; all activities where none is named
       */
      steps?: string;
      /**
       * a day on which a week begins, such as the first day of a tool
       */
      anchor?: string;
      filter?: string;
    };
    answer: {
      /**
       * begin of the first week; null without a whole week
       */
      from: string | null;
      /**
       * steps that are neither described nor seen
       */
      unknown: string[];
      executions: number[];
      /**
       * the mean of each measure: hours (work per execution), again (done again or put right), wait (wait before it)
       */
      means: {
        hours: (number | null)[];
        again: (number | null)[];
        wait: (number | null)[];
      };
    };
  };
  "GET /organisations/{org}/processes/{process}/draft": {
    query: {
      /**
       * share under which ways are left out of the draft
       */
      noise?: number | null;
      filter?: string;
    };
    answer: {
      /**
       * YAML; null where there is no model to draft from
       */
      text: string | null;
      missing: string[];
    };
  };
  "GET /organisations/{org}/processes/{process}/names": {
    query: {
      people?: string;
    };
    answer: {
      people: {
        [k: string]: string;
      };
    };
  };
  "GET /organisations/{org}/processes/{process}/findings": {
    query: {
      limit?: number;
      after?: string;
      state?: "open" | "accepted" | "fixed" | "false alarm";
      detector?: string;
    };
    answer: {
      items: Finding[];
      next: string | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/findings/{finding}": {
    answer: Finding & {
      reviews: {
        said: string;
        note: string | null;
        saidBy: string;
        saidAt: string;
      }[];
    };
  };
  "PATCH /organisations/{org}/processes/{process}/findings/{finding}": {
    body: {
      state?: "open" | "accepted";
      owner?: string | null;
      remedy?: string | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/findings/{finding}/cases": {
    query: {
      limit?: number;
      after?: string;
    };
    answer: {
      items: {
        caseId: string;
        story:
          | {
              activity: string;
              time: string;
              who: string;
              waitHours: number | null;
            }[]
          | null;
      }[];
      next: string | null;
      total: number;
      records: [string, string][];
    };
  };
  "GET /organisations/{org}/processes/{process}/findings/{finding}/people": {
    answer: {
      people: {
        [k: string]: string;
      };
    };
  };
  "POST /organisations/{org}/processes/{process}/findings/{finding}/reviews": {
    body: {
      said: "confirmed" | "false alarm";
      note?: string;
    };
    answer: {
      state: string;
    };
  };
  "POST /organisations/{org}/processes/{process}/task-confirmations": {
    body: {
      step: string;
      task: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | null;
      undo: string | null;
    };
    answer: {
      id: string;
      /**
       * of the audit that follows
       */
      workId: string | null;
    };
  };
  "POST /organisations/{org}/processes/{process}/overrides": {
    body: {
      step: string;
      reason: string;
      until: string;
    };
    answer: {
      id: string;
    };
  };
  "DELETE /organisations/{org}/processes/{process}/overrides/{override}": {};
  "GET /organisations/{org}/processes/{process}/readiness": {
    answer: {
      at: string;
      steps: StepReadiness[];
      /**
       * the process as a whole through the lenses; null where the audit is older than that
       */
      process: {
        lenses: {
          lens: "data" | "consistency" | "error tolerance" | "business impact";
          state: "confirmed" | "contradicted" | "open";
        }[];
        claims: {
          id: string;
          key: string;
          lens: "data" | "consistency" | "error tolerance" | "business impact";
          statement: string;
          check: string;
          detail: string | null;
          verdict: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
          n: number;
          unit: string;
          against: number;
          estimate: number | null;
          /**
           * @minItems 2
           */
          interval: [number, number] | null;
          needs: string[];
          /**
           * there are cases to open, by the filter's readiness
           */
          opens: boolean;
          [k: string]: unknown;
        }[];
      } | null;
      /**
       * newest first; also those that have ended
       */
      overrides: {
        id: string;
        step: string;
        reason: string;
        /**
         * what the gate said when it was overridden
         */
        verdict: string;
        by: string;
        madeAt: string;
        until: string;
        endedAt: string | null;
        holds: boolean;
      }[];
    };
  };
  "GET /organisations/{org}/processes/{process}/upstream": {
    answer: {
      at: string | null;
      links: {
        /**
         * the finding where it begins
         */
        from: string;
        fromStep: string;
        fromTitle: string;
        /**
         * the finding that goes with it later in the case
         */
        to: string;
        toStep: string;
        toTitle: string;
        withIt: number;
        without: number;
        shareWith: number;
        shareWithout: number;
        /**
         * of the shares, within months (Mantel-Haenszel)
         */
        difference: number;
        /**
         * 95 %
         *
         * @minItems 2
         */
        interval: [number, number];
        /**
         * cases of the later leak, were the difference all due to the earlier one
         */
        attributable: number;
      }[];
    };
  };
  "GET /organisations/{org}/processes/{process}/fix-first": {
    query: {
      done?: string;
    };
    answer: Plan;
  };
  "GET /organisations/{org}/gate/{process}/{step}": {
    answer: {
      open: boolean;
      process: string;
      step: string;
      verdict: "ready" | "fix first" | "keep with people" | "not enough evidence";
      sentence: string;
      /**
       * who let it pass although it is not ready
       */
      override: {
        by: string;
        reason: string;
        until: string;
      } | null;
      rule: number;
      judgedAt: string;
    };
  };
  "GET /organisations/{org}/processes/{process}/claims": {
    query: {
      limit?: number;
      after?: string;
      verdict?: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
    };
    answer: {
      items: {
        id: string;
        verdict: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
        lastAudit: string;
        content: ClaimContent;
      }[];
      next: string | null;
    };
  };
  "GET /organisations/{org}/processes/{process}/claims/{claim}": {
    answer: {
      id: string;
      verdict: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
      lastAudit: string;
      content: ClaimContent;
      history: {
        auditId: string;
        at: string;
        verdict: string;
        n: number | null;
        against: number | null;
        estimate: number | null;
      }[];
    };
  };
  "GET /organisations/{org}/processes/{process}/answers/result": {
    answer: {
      /**
       * people whose released answers the last audit knew
       */
      respondents: number;
      /**
       * people who have answered something, released or not
       */
      answering: number;
      /**
       * answers that wait to be released
       */
      unreleased: number;
      auditAt: string | null;
      items: {
        number: number;
        category: string;
        question: string;
        said: {
          text: string;
          means: string;
          count: number;
        }[];
        evidence: "well" | "not well" | "cannot say" | "not visible";
        verdict: string;
        disagreement: boolean;
        measured: {
          claim: string;
          n: number;
          against: number;
          unit: string;
          check: string;
          estimate: number | null;
          /**
           * @minItems 2
           */
          interval: [number, number] | null;
          needs: string[];
          findings: string[];
          /**
           * there are cases to open
           */
          opens: boolean;
        };
      }[];
    };
  };
  "GET /organisations/{org}/processes/{process}/questions": {
    answer: {
      items: {
        number: number;
        category: string;
        question: string;
        options: {
          key: string;
          text: string;
        }[];
        answer: string | null;
        note: string | null;
        answeredAt: string | null;
        released: boolean;
        evidence: "well" | "not well" | "cannot say" | "not visible" | null;
        /**
         * what the evidence says, once one has answered
         */
        measured: {
          claim: string;
          n: number;
          against: number;
          unit: string;
          check: string;
          estimate: number | null;
          /**
           * @minItems 2
           */
          interval: [number, number] | null;
          needs: string[];
          findings: string[];
          /**
           * there are cases to open
           */
          opens: boolean;
        } | null;
        /**
         * one of the six that are asked before any evidence
         */
        opening: boolean;
      }[];
    };
  };
  "PUT /organisations/{org}/processes/{process}/answers/{question}": {
    body: {
      answer: string;
      note?: string;
    };
  };
  "POST /organisations/{org}/processes/{process}/answers/release": {
    answer: {
      released: number;
      workId: string | null;
    };
  };
  "GET /organisations/{org}/work": {
    query: {
      limit?: number;
      after?: string;
      state?: "waiting" | "running" | "done" | "failed" | "cancelled" | "set aside";
      process?: string;
    };
    answer: {
      items: Work[];
      next: string | null;
    };
  };
  "GET /organisations/{org}/work/{work}": {
    answer: Work;
  };
  "DELETE /organisations/{org}/work/{work}": {
    answer: {
      state: "waiting" | "running" | "done" | "failed" | "cancelled" | "set aside";
    };
  };
  "GET /organisations/{org}/work/{work}/progress": {};
  "GET /organisations/{org}/trail": {
    query: {
      limit?: number;
      after?: string;
      order?: "oldest" | "newest";
    };
    answer: {
      items: {
        number: number;
        at: string;
        /**
         * `person:ID`, `token:ID` or `plumbline`; for outsiders with a pseudonym
         */
        actor: string;
        /**
         * of a person who is a member now
         */
        role: string | null;
        act: string;
        subject: string;
        details: {
          [k: string]: unknown;
        };
        previous: string;
        hash: string;
      }[];
      next: string | null;
    };
  };
  "GET /organisations/{org}/trail/check": {
    answer: {
      entries: number;
      head: string;
      broken: string | null;
    };
  };
  "GET /organisations/{org}/trail/export": {
    query: {
      format?: "csv" | "jsonl";
    };
  };
}
export interface Organisation {
  id: string;
  name: string;
  settings: {
    rates?: {
      currency: string;
      default: number;
      roles?: {
        [k: string]: number;
      };
      delayPerDay?: number;
      capital?: number;
    };
    timeZone?: string;
    /**
     * evidence that a newer import has replaced is removed after so many months
     */
    keepEvidenceMonths?: number;
    /**
     * who gets what changed in a week; sent only when something did, and only where SMTP_URL is set
     */
    brief?: {
      /**
       * @maxItems 50
       */
      to: string[];
      /**
       * 1 is Monday
       */
      weekday: number;
      hour: number;
    };
  };
  version: number;
  createdAt: string;
}
export interface AuditHeadline {
  sentences: string[];
  totals: {
    currency: string;
    cash: {
      low: number;
      mid: number;
      high: number;
    };
    workingCapital: {
      low: number;
      mid: number;
      high: number;
    };
    labour: {
      low: number;
      mid: number;
      high: number;
    };
    delay: {
      low: number;
      mid: number;
      high: number;
    };
    [k: string]: unknown;
  }[];
  exposure: {
    currency: string;
    low: number;
    mid: number;
    high: number;
    [k: string]: unknown;
  }[];
  compensationHours: number | null;
  /**
   * steps by verdict: ready, fix first, keep with people, not enough evidence
   */
  readiness?: {
    [k: string]: number;
  };
  /**
   * the leak that most later leaks go with; null where none is linked
   */
  beginsAt?: {
    step: string;
    title: string;
  } | null;
  /**
   * people whose released answers it knew
   */
  respondents?: number;
  notTestable: {
    detector: string;
    needs: string[];
    [k: string]: unknown;
  }[];
  blindSpots: {
    saidWell: number[];
    saidBadly: number[];
    nobodySaid: string[];
    notVisible: {
      number: number;
      needs: string[];
      [k: string]: unknown;
    }[];
    disagreements: number[];
    unknown: number[];
    [k: string]: unknown;
  };
  history: {
    audits: number;
    changes: {
      id: string;
      statement: string;
      before: string;
      now: string;
      since: string;
      [k: string]: unknown;
    }[];
    fixed: {
      id: string;
      detector: string;
      subject: string;
      lastSeen: string;
      returnedPerYear: number | null;
      [k: string]: unknown;
    }[];
    fresh: string[];
    [k: string]: unknown;
  };
  from: string | null;
  to: string | null;
  seconds: number;
  [k: string]: unknown;
}
export interface Process {
  id: string;
  name: string;
  settings: {
    timeZone?: string;
    calendar?: {
      timeZone?: string;
      hours: {
        mon?: null | "off" | string;
        tue?: null | "off" | string;
        wed?: null | "off" | string;
        thu?: null | "off" | string;
        fri?: null | "off" | string;
        sat?: null | "off" | string;
        sun?: null | "off" | string;
      };
      /**
       * @maxItems 5000
       */
      holidays?: string[];
    };
    /**
     * @maxItems 200
     */
    approvals?: string[];
    thresholds?: {
      [k: string]: {
        [k: string]: number;
      };
    };
    /**
     * working days that a remedy takes here, by its id
     */
    remedyDays?: {
      [k: string]: number;
    };
  };
  version: number;
  createdAt: string;
}
export interface Implementation {
  id: string;
  name: string;
  tool: string | null;
  state: "planned" | "in use";
  startsOn: string | null;
  costPerMonth: number | null;
  currency: string | null;
  touches: {
    processId: string;
    steps: string[];
  }[];
  note: string | null;
  requires: Requirement[];
  document: string | null;
  version: number;
  madeBy: string;
  madeAt: string;
}
export interface Inventory {
  implementation: Implementation;
  answer: {
    state: "ready" | "accepted gaps" | "not yet" | "cannot be told";
    sentences: string[];
    first: {
      text: string;
      decides: string;
      days: number;
      makesReady: string[];
    }[];
  };
  processes: {
    id: string;
    name: string;
    /**
     * null where there is no audit yet
     */
    judgedAt: string | null;
    steps: {
      step: string;
      verdict: "ready" | "fix first" | "keep with people" | "not enough evidence";
      sentence: string;
      executions: number;
      overriddenBy: string | null;
    }[];
  }[];
  requires: {
    processId: string;
    /**
     * null for a sentence of the document
     */
    requirement: string | null;
    kind: string;
    claim: {
      id: string;
      statement: string;
      saidBy: string;
      check: string;
      verdict: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
      n: number;
      unit: string;
      against: number;
      estimate: number | null;
      /**
       * @minItems 2
       */
      interval: [number, number] | null;
      needs: string[];
      opens: boolean;
      [k: string]: unknown;
    };
    has: string | null;
  }[];
  gaps: {
    id: string;
    processId: string;
    kind: "requirement" | "step";
    title: string;
    has: string;
    remedy: string;
    owner: string | null;
    /**
     * somebody said who; else it is the owner by the description
     */
    ownerSaid: boolean;
    decides: string;
    /**
     * working days that closing it usually takes
     */
    days: number;
    decideBy: string | null;
    /**
     * somebody said when; else it is counted back from the date
     */
    decideBySaid: boolean;
    state: "open" | "accepted" | "closed";
    openedAt: string;
    acceptedAt: string | null;
    /**
     * who accepted it, why and until when; null where it is not accepted
     */
    acceptance: {
      by: string | null;
      because: string | null;
      /**
       * the last day; null where no end was said
       */
      until: string | null;
      /**
       * that day has passed: the gap is open again
       */
      ended: boolean;
    } | null;
    closedAt: string | null;
    step: string | null;
    claim: string | null;
    opens: boolean;
    version: number;
  }[];
  /**
   * decisions that are overdue or needed within two weeks, by who has to decide
   */
  escalation: {
    decides: string;
    overdue: number;
    needed: {
      gap: string;
      title: string;
      remedy: string;
      owner: string | null;
      decideBy: string;
      isOverdue: boolean;
      /**
       * working days
       */
      overdue: number;
      days: number;
      /**
       * if it is decided today
       */
      closedBy: string;
      /**
       * working days by which that is after the date
       */
      late: number | null;
    }[];
  }[];
  forecast: {
    open: number;
    closed: number;
    gapDays: number;
    early: string | null;
    middle: string | null;
    late: string | null;
    byDate: number | null;
    words: string;
  };
  promises: {
    id: string;
    metric: string;
    /**
     * what is measured week by week of the steps it touches; null for anything else
     */
    measure: "hours" | "again" | "wait" | null;
    direction: "less" | "more";
    size: number | null;
    unit: string | null;
    by: string;
    comparison: string;
    madeBy: string;
    madeAt: string;
    /**
     * registered before the implementation went live
     */
    beforeTheFact: boolean;
    withdrawnAt: string | null;
  }[];
  notes: {
    id: string;
    kind: "note" | "meeting";
    text: string;
    gap: string | null;
    by: string;
    at: string;
  }[];
  since: {
    /**
     * of the last meeting; null where nobody noted one
     */
    at: string | null;
    opened: string[];
    closed: string[];
    accepted: string[];
  };
  signatures: {
    id: string;
    judgement: "agrees" | "agrees with reservations" | "does not agree";
    note: string;
    by: string;
    at: string;
    /**
     * made of the inventory as it stands now
     */
    current: boolean;
  }[];
  /**
   * of what is signed: requirements, verdicts and gaps as they stand
   */
  hash: string;
}
export interface Measures {
  measures: {
    id: "hours" | "again" | "wait";
    words: string;
    unit: "h" | "share";
    better: "less" | "more";
    promisedIn: string[];
  }[];
}
export interface Outcome {
  startsOn: string;
  processes: {
    id: string;
    name: string;
    /**
     * begin of the first week
     */
    from: string | null;
    /**
     * the week in which it starts
     */
    startsAt: number;
    executions: number[];
    unknown: string[];
    measures: {
      measure: "hours" | "again" | "wait";
      name: string;
      unit: "h" | "share";
      /**
       * week by week
       */
      values: (number | null)[];
      /**
       * what the earlier trend (and the comparison) predicts from the start on
       */
      expected: (number | null)[];
      verdict: "less" | "more" | "cannot be shown";
      before: number | null;
      after: number | null;
      /**
       * mean of what was seen less what was expected
       */
      effect: number | null;
      /**
       * 95 % for all measures together
       *
       * @minItems 2
       */
      interval: [number, number] | null;
      /**
       * why nothing can be shown, where nothing can
       */
      why: string | null;
    }[];
    /**
     * why nothing is known of it
     */
    missing: string | null;
  }[];
  money: {
    currency: string;
    savedPerMonth: number;
    /**
     * @minItems 2
     */
    interval: [number, number];
    costPerMonth: number | null;
    netPerMonth: number | null;
    /**
     * @minItems 2
     */
    netInterval: [number, number] | null;
    hourly: number;
    /**
     * nobody gave a rate for an hour
     */
    assumed: boolean;
  } | null;
  sentences: string[];
  promises: {
    id: string;
    process: string;
    verdict: "kept" | "not kept" | "cannot be shown";
    /**
     * the evidence reaches the day on which it is to be looked at
     */
    due: boolean;
    evidenceEnds: string | null;
    words: string;
  }[];
}
export interface Finding {
  id: string;
  detector: string;
  subject: string;
  state: "open" | "accepted" | "fixed" | "false alarm";
  owner: string | null;
  remedy: string | null;
  version: number;
  lastAudit: string;
  content: FindingContent;
  /**
   * what usually closes such a leak, how much work that is, and who can decide it
   */
  suggestion: {
    text: string;
    effort: string;
    decides: string;
  } | null;
}
export interface FindingContent {
  category: string;
  title: string;
  statement: string;
  cases: number;
  outOf: number;
  unit: string;
  share: number | null;
  /**
   * @minItems 2
   */
  interval: [number, number] | null;
  people: string[];
  money: Money;
  alsoSeenBy: string[];
  facts: [string, string][];
  hours: number | null;
  precision: {
    confirmed: number;
    falseAlarms: number;
    mean: number;
    /**
     * @minItems 2
     */
    interval: [number, number];
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
export interface StepReadiness {
  step: string;
  activities: string[];
  described: boolean;
  /**
   * what people said it is, else what its name suggests
   */
  kind: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | "do";
  said: {
    kind: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | null;
    kindSaidBy: "description" | "confirmation" | "approvals" | null;
    /**
     * yes, no, or until a step or a length of time
     */
    undo: string | null;
    undoSaidBy: "description" | "confirmation" | "approvals" | null;
    /**
     * of what the description and a confirmation say different things
     */
    differs: ("kind" | "undo")[];
  };
  /**
   * what its name suggests, to be confirmed or not
   */
  guess: {
    kind: "sort" | "check" | "copy" | "track" | "chase" | "fix" | "extract" | "decide" | "do" | null;
    undo: "no" | null;
  };
  /**
   * people keep it: the gate never opens for it
   */
  decides: boolean;
  /**
   * who said so on its page last; null where nobody did
   */
  confirmation: {
    by: string;
    at: string;
  } | null;
  executions: number;
  verdict: "ready" | "fix first" | "keep with people" | "not enough evidence";
  /**
   * of the rule over claims by which it was judged
   */
  rule: number;
  sentence: string;
  actions: {
    text: string;
    decides: string;
    effort: string;
    turns: string;
  }[];
  lenses: {
    lens: "data" | "consistency" | "error tolerance" | "business impact";
    state: "confirmed" | "contradicted" | "open";
  }[];
  claims: {
    id: string;
    key: string;
    lens: "data" | "consistency" | "error tolerance" | "business impact";
    need: "required" | "wanted" | "indifferent";
    keepsPeople: boolean;
    statement: string;
    check: string;
    detail: string | null;
    verdict: "confirmed" | "contradicted" | "not enough evidence" | "not testable here";
    n: number;
    unit: string;
    against: number;
    estimate: number | null;
    /**
     * @minItems 2
     */
    interval: [number, number] | null;
    needs: string[];
    /**
     * there are cases to open, by the filter's readiness
     */
    opens: boolean;
    [k: string]: unknown;
  }[];
}
export interface Plan {
  at: string;
  steps: number;
  readyNow: {
    steps: number;
    /**
     * of all executions
     */
    share: number;
  };
  order: {
    id: string;
    text: string;
    decides: string;
    effort: "days" | "weeks" | "months";
    days: number;
    /**
     * somebody said how many working days it takes here
     */
    asked: boolean;
    turns: {
      step: string;
      claim: string;
      statement: string;
    }[];
    /**
     * remedies of one group make a step ready only together
     */
    group: number;
    makesReady: string[];
    readySteps: number;
    readyShare: number;
    daysSoFar: number;
  }[];
  /**
   * steps that no remedy makes ready
   */
  stay: {
    step: string;
    because: string;
  }[];
  /**
   * remedies that make nothing ready
   */
  beside: {
    id: string;
    text: string;
    decides: string;
    effort: "days" | "weeks" | "months";
    days: number;
    /**
     * somebody said how many working days it takes here
     */
    asked: boolean;
    turns: {
      step: string;
      claim: string;
      statement: string;
    }[];
  }[];
  verdicts: {
    step: string;
    executions: number;
    before: "ready" | "fix first" | "keep with people" | "not enough evidence";
    after: "ready" | "fix first" | "keep with people" | "not enough evidence";
  }[];
}
export interface ClaimContent {
  statement: string;
  saidBy: string;
  source: "description" | "answer" | "finding" | "requirement";
  subject: string | null;
  n: number;
  unit: string;
  against: number;
  estimate: number | null;
  /**
   * @minItems 2
   */
  interval: [number, number] | null;
  check: string;
  threshold: number | null;
  needs: string[];
  lastTrue: string | null;
  stoppedAt: string | null;
  [k: string]: unknown;
}
export interface Work {
  id: string;
  kind: string;
  processId: string | null;
  state: "waiting" | "running" | "done" | "failed" | "cancelled" | "set aside";
  attempt: number;
  progress: number;
  doing: string;
  cancelRequested: boolean;
  requestedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  error: {
    code: string;
    message: string;
  } | null;
  result: {
    [k: string]: unknown;
  } | null;
}
