/** One of a few: arrow keys move, as in any group of radio buttons. */
export function Segments<T extends string>({
  label,
  value,
  options,
  choose,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  choose: (value: T) => void;
}) {
  const move = (by: number, target: EventTarget & HTMLElement) => {
    const at = options.findIndex(([one]) => one === value);
    const next = options[(at + by + options.length) % options.length][0];
    choose(next);
    (
      target.parentElement?.querySelector(`[data-value="${CSS.escape(next)}"]`) as HTMLElement | null
    )?.focus();
  };
  return (
    <div role="radiogroup" aria-label={label} className="segments">
      {options.map(([one, words]) => (
        <button
          key={one}
          type="button"
          role="radio"
          data-value={one}
          aria-checked={one === value}
          tabIndex={one === value ? 0 : -1}
          onClick={() => choose(one)}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight" || event.key === "ArrowDown") move(1, event.currentTarget);
            else if (event.key === "ArrowLeft" || event.key === "ArrowUp") move(-1, event.currentTarget);
            else return;
            event.preventDefault();
          }}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
