/** In the page: which ways of running text as code work. The inspector's own evaluation is exempt, so all run later. */
export async function runsText(): Promise<string[]> {
  const ran: string[] = [];
  Object.assign(window, { vigilRan: (way: string) => ran.push(way) });
  const script = document.createElement('script');
  script.text = "vigilRan('inline script')";
  const image = document.createElement('img');
  image.setAttribute('onerror', "vigilRan('event attribute')");
  image.src = 'data:,';
  document.body.append(script, image);
  setTimeout("vigilRan('timer text')", 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  script.remove();
  image.remove();
  return ran;
}
