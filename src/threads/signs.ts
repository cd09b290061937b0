/** What a child says on standard error before it ends itself because its memory is used up. */
export const MEMORY_SIGN = "plumbline: the memory for this task is used up";
