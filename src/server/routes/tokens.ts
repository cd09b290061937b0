import { z } from "@hono/zod-openapi";
import { transact } from "../../store/database.ts";
import { addToken, revokeToken } from "../../store/tokens.ts";
import { addToTrail } from "../../store/trail.ts";
import { notThere } from "../problem.ts";
import { TOKEN_ROLES } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";

const tag = "tokens";

export const tokenRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/tokens",
    access: { right: "manage tokens" },
    tag,
    summary: "Tokens of programs; their secrets are kept nowhere",
    params: inOrganisation({}),
    answers: {
      200: z.object({
        items: z.array(
          z.object({
            id,
            name: z.string(),
            role: z.string(),
            madeAt: at,
            expiresAt: at,
            revokedAt: at.nullable(),
            lastUsedAt: at.nullable(),
          }),
        ),
      }),
    },
    async handle({ services, member }) {
      const rows = await services.database.db
        .selectFrom("token")
        .select([
          "id",
          "name",
          "role",
          "made_at as madeAt",
          "expires_at as expiresAt",
          "revoked_at as revokedAt",
          "last_used_at as lastUsedAt",
        ])
        .where("organisation_id", "=", member.organisationId)
        .orderBy("made_at")
        .execute();
      return { items: rows };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/tokens",
    access: { right: "manage tokens" },
    tag,
    summary: "Make a token for a program; its secret is in this answer and nowhere else",
    params: inOrganisation({}),
    body: z.strictObject({
      name: text(120),
      role: z.enum(TOKEN_ROLES, { error: `expected one of ${TOKEN_ROLES.join(", ")}` }),
      days: z.int().min(1).max(366).default(90),
    }),
    answers: { 201: z.object({ id, secret: z.string(), expiresAt: at }) },
    async handle({ services, member, body }) {
      const now = services.now();
      const { organisationId, who } = member;
      const expiresAt = new Date(now.getTime() + body.days * 86_400_000);
      return transact(services.database.db, async (trx) => {
        const made = await addToken(trx, {
          organisationId,
          name: body.name,
          role: body.role,
          madeBy: who.kind === "person" ? who.id : null,
          expiresAt,
        });
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "made a token",
            subject: `token ${made.id}`,
            details: { name: body.name, role: body.role, expiresAt: expiresAt.toISOString() },
          },
          now,
        );
        return { ...made, expiresAt };
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/tokens/{token}",
    access: { right: "manage tokens" },
    tag,
    summary: "Revoke a token: it stops working at once",
    params: inOrganisation({ token: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      const now = services.now();
      await transact(services.database.db, async (trx) => {
        if (!(await revokeToken(trx, organisationId, params.token, now))) throw notThere("token");
        await addToTrail(
          trx,
          { organisationId, actor: who.actor, act: "revoked a token", subject: `token ${params.token}` },
          now,
        );
      });
    },
  }),
];
