import { NotVisible } from "../parts/not-visible.tsx";
import { Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { plainDate } from "../words.ts";
import { Promising, Withdraw } from "./acts.tsx";
import { ImplementationFrame, type Inventory } from "./implementation-frame.tsx";
import { usePromiseWords } from "./promise-words.ts";

/** What was promised, before anybody could know? */
export function PromisesTab() {
  return <ImplementationFrame>{(value) => <Promises value={value} />}</ImplementationFrame>;
}

function Promises({ value: { promises, implementation } }: { value: Inventory }) {
  const promiseWords = usePromiseWords();
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="promises">
      <h2 id="promises">What was promised</h2>
      {promises.length === 0 ? (
        <NotVisible missing="a promise registered before the data arrives: what changes, by how much, by when, compared with what. Without one, nobody can later say whether it was kept" />
      ) : (
        <Table
          head={[
            "Promise",
            "By",
            "Compared with",
            "Registered",
            may("manage processes") && unseen("Actions"),
          ]}
        >
          {promises.map((one) => (
            <tr key={one.id} className={one.withdrawnAt ? "quiet" : ""}>
              <td>
                {promiseWords(one)}
                {one.withdrawnAt && ` (withdrawn ${plainDate(one.withdrawnAt)})`}
              </td>
              <td>{plainDate(one.by)}</td>
              <td>{one.comparison}</td>
              <td>
                {plainDate(one.madeAt)} by {one.madeBy}
                {!one.beforeTheFact && <small className="bad"> · registered after go-live</small>}
              </td>
              {may("manage processes") && (
                <td>
                  {!one.withdrawnAt && (
                    <Withdraw tool={implementation.id} promise={one.id} metric={one.metric} />
                  )}
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {may("manage processes") && <Promising tool={implementation.id} />}
    </section>
  );
}
