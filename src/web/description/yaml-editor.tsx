import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

/** Colours of the page, light and dark. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.literal], color: "var(--good)" },
  { tag: [tags.comment, tags.meta], color: "var(--muted)" },
  { tag: [tags.keyword, tags.atom, tags.bool, tags.number], color: "var(--never)" },
]);

export interface Problem {
  line: number | null;
  column: number | null;
  message: string;
}

/**
 * A text editor for YAML with the server's problems at their lines. It lives in a shadow root, where its
 * styles are constructed sheets, so that the page needs no policy that lets styles in. Tab leaves the editor
 * after Escape, as in every CodeMirror.
 */
export function YamlEditor({
  value,
  change,
  problems,
  label,
  readOnly = false,
}: {
  value: string;
  change: (text: string) => void;
  problems: Problem[];
  label: string;
  readOnly?: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(change);
  latest.current = change;

  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root as unknown as Element,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          indentUnit.of("  "),
          yaml(),
          syntaxHighlighting(COLOURS),
          lintGutter(),
          EditorState.readOnly.of(readOnly),
          EditorView.lineWrapping,
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of(
            (update) => update.docChanged && latest.current(update.state.doc.toString()),
          ),
          EditorView.theme({
            "&": {
              height: "100%",
              maxHeight: "68vh",
              minHeight: "320px",
              color: "var(--text)",
              backgroundColor: "var(--card)",
              fontSize: "13px",
            },
            ".cm-scroller": {
              fontFamily: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
              overflow: "auto",
            },
            ".cm-gutters": { backgroundColor: "var(--side)", color: "var(--muted)", border: "none" },
            ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--accent-weak)" },
            ".cm-cursor": { borderLeftColor: "var(--text)" },
            ".cm-tooltip": {
              backgroundColor: "var(--card)",
              color: "var(--text)",
              border: "1px solid var(--line-strong)",
            },
          }),
        ],
      }),
    });
    // what scrolls can be reached by keys also where it cannot be edited
    editor.scrollDOM.tabIndex = 0;
    view.current = editor;
    return () => editor.destroy();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: value },
        annotations: isolateHistory.of("full"),
      });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { doc } = editor.state;
    const diagnostics = problems.map(({ line, column, message }): Diagnostic => {
      const at = doc.line(Math.max(1, Math.min(doc.lines, line ?? 1)));
      const from = Math.min(at.to, at.from + Math.max(0, (column ?? 1) - 1));
      return { from, to: Math.max(from, at.to), severity: "error", message };
    });
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  return <div ref={host} className="editor" />;
}
