/** The filter keeps no case: nothing follows from that, neither health nor a leak. */
export const NothingKept = () => (
  <p className="card" role="status">
    No case matches the filter. Remove part of it above.
  </p>
);
