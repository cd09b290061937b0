import { useOrganisation } from "../session.tsx";

/** The reports of an audit, once they are drawn. */
export function ReportLinks({
  process,
  audit,
}: {
  process: string;
  audit: { id: string; reports: string[] } | undefined;
}) {
  const { org } = useOrganisation();
  if (!audit || audit.reports.length === 0) return null;
  const base = `/api/organisations/${org}/processes/${process}/audits/${audit.id}/report`;
  return (
    <>
      <a className="button" href={`${base}.pdf`} target="_blank" rel="noreferrer">
        Report (PDF)
      </a>
      <a className="button" href={`${base}.html`} target="_blank" rel="noreferrer">
        Report (page)
      </a>
    </>
  );
}
