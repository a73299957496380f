/** Loaded before the program: its clock is ahead by so many hours, as if it had been started that much later. */
const hours = Number(process.env['RENGA_TEST_HOURS'] ?? 0);
const now = Temporal.Now.instant.bind(Temporal.Now);

Temporal.Now.instant = () => now().add({ hours });
