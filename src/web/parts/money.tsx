import type { Api } from "../client.ts";
import { amountRange, exactMoney, money } from "../words.ts";

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
  const isCounted = Math.round(low) === Math.round(high);
  return (
    <span className="num">
      <span className="strong">{isCounted ? exactMoney(mid, currency) : money(mid, currency)}</span>
      {range && !isCounted && <small> ({amountRange([low, high])})</small>}
    </span>
  );
}
