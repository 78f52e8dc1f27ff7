// Node's http.Agent, kept alive: reads lines "PORT SIDE_BY_SIDE COUNT", answers
// "P50_NANOSECONDS REQUESTS_A_SECOND".
const http = require('http');
const readline = require('readline');

function get(url, agent) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (reply) => {
      reply.on('data', () => {});
      reply.on('end', resolve);
    }).on('error', reject);
  });
}

async function ask(port, sideBySide, count) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: sideBySide });
  const url = `http://127.0.0.1:${port}/tick`;
  const times = [];
  const some = async (number) => {
    for (let done = 0; done < number; done++) {
      const start = process.hrtime.bigint();
      await get(url, agent);
      times.push(Number(process.hrtime.bigint() - start));
    }
  };
  await some(300);
  times.length = 0;
  const begin = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: sideBySide }, () => some(Math.floor(count / sideBySide))));
  const spent = Number(process.hrtime.bigint() - begin);
  agent.destroy();
  times.sort((left, right) => left - right);
  console.log(`${times[times.length >> 1]} ${Math.floor((times.length / spent) * 1e9)}`);
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    await ask(...line.split(' ').map(Number));
  }
})();
