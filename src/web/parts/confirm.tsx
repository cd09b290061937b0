import { useState, type ReactNode } from "react";
import { Refusal } from "./form.tsx";
import { Dialog } from "./dialog.tsx";

/**
 * A button for what cannot simply be taken back: it says first what will come of it, and keeps as its way
 * out.
 */
export function Confirm({
  button,
  title,
  act,
  children,
  look = "quiet-button",
}: {
  /** the button's words, which the last button repeats without the dots */
  button: string;
  title: string;
  act: () => Promise<unknown>;
  children: ReactNode;
  look?: "quiet-button" | "danger";
}) {
  const [open, setOpen] = useState(false);
  const [state, setState] = useState<{ busy: boolean; error?: Error }>({ busy: false });
  return (
    <>
      <button type="button" className={look} onClick={() => setOpen(true)}>
        {button} …
      </button>
      <Dialog title={title} open={open} close={() => setOpen(false)}>
        {children}
        <Refusal of={state.error} />
        <div className="row end">
          <button type="button" onClick={() => setOpen(false)}>
            Cancel
          </button>
          <button
            type="button"
            className="danger"
            disabled={state.busy}
            onClick={async () => {
              setState({ busy: true });
              try {
                await act();
                setOpen(false);
                setState({ busy: false });
              } catch (error) {
                setState({ busy: false, error: error as Error });
              }
            }}
          >
            {button}
          </button>
        </div>
      </Dialog>
    </>
  );
}
