/** What a server that has started says, and where it is reached. Programs that start servers wait for the first line. */
export function bannerOf(name: string, url: string): string {
  return `
${name} is up on ${url}
  API       ${url}/api/v1
  docs      ${url}/docs
  staff     ${url}/admin
  socket    ${url.replace("http", "ws")}/api/v1/ws`;
}
