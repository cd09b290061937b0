import type { Api } from "../client.ts";
import { money } from "../words.ts";

type Price = NonNullable<
  Api["GET /organisations/{org}/processes/{process}/findings/{finding}"]["answer"]["content"]["money"]
>;

/** Money with its range, and of what kind it is. */
export function Amount({
  price,
  range = true,
}: {
  price: Pick<Price, "low" | "mid" | "high" | "currency"> & { kind?: string };
  range?: boolean;
}) {
  const { low, mid, high, currency } = price;
  const spread = range && Math.round(low) !== Math.round(high);
  return (
    <span className="num">
      <span className="strong">{money(mid, currency)}</span>
      {spread && (
        <small>
          {" "}
          ({money(low, currency).slice(currency.length + 1)}–
          {money(high, currency).slice(currency.length + 1)})
        </small>
      )}
    </span>
  );
}
