/** The filter keeps no case: nothing follows from that, neither health nor a leak. */
export const NothingKept = () => (
  <p className="card" role="status">
    The filter keeps no case, so there is nothing to show. Take a part of it away above.
  </p>
);
