/** The gallery. */
export function App() {
  return (
    <main>
      <h1>Shoebox</h1>
    </main>
  );
}
