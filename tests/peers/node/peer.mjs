// Another implementation of Data Integrity, asked about one folder:
//   node peer.mjs verify FOLDER   reads badge.json, answers {"verified": …} on standard output
//   node peer.mjs sign FOLDER     reads unsigned.json and key.json, writes signed.json
//   node peer.mjs rate FOLDER     does both again and again for some seconds, answers {"verify": …, "sign": …}:
//                                 the median, in microseconds
// Offline: documents.json holds every context and DID document by address; nothing else is loaded.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const [what, folder] = process.argv.slice(2);
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const documents = read('documents.json');

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  let document = documents[address];
  if (document === undefined) throw new Error(`not one of ours: ${url}`);
  if (fragment !== undefined) {
    const method = document.verificationMethod.find(one => one.id === url);
    if (method === undefined) throw new Error(`no such key: ${url}`);
    document = { '@context': 'https://w3id.org/security/multikey/v1', ...method };
  }
  return { contextUrl: null, documentUrl: url, document, tag: 'static' };
}

const verified = credential =>
  vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    now: '2026-11-22T09:00:00Z',
    // Status lists are credentials like any other: they are asked about by themselves.
    checkStatus: async () => ({ verified: true }),
  });

async function signer() {
  const { seed, did } = read('key.json');
  const pair = await Ed25519Multikey.generate({ seed: Uint8Array.from(Buffer.from(seed, 'hex')), controller: did });
  pair.id = `${did}#${pair.publicKeyMultibase}`;
  return credential => {
    const suite = new DataIntegrityProof({ signer: pair.signer(), cryptosuite, date: '2026-11-20T14:05:09Z' });
    return vc.issue({ credential, suite, documentLoader });
  };
}

// The median of all rounds but the first hundred, in which the machine learns the code.
async function median(work) {
  const times = [];
  for (let round = 0; round < 500; round += 1) {
    const begun = process.hrtime.bigint();
    await work();
    if (round >= 100) times.push(Number(process.hrtime.bigint() - begun) / 1000);
  }
  return times.sort((a, b) => a - b)[times.length / 2];
}

if (what === 'verify') {
  const outcome = await verified(read('badge.json'));
  const why = outcome.error?.errors?.map(String) ?? (outcome.error ? [String(outcome.error)] : []);
  console.log(JSON.stringify({ verified: outcome.verified === true, why }));
} else if (what === 'sign') {
  const sign = await signer();
  writeFileSync(join(folder, 'signed.json'), JSON.stringify(await sign(read('unsigned.json'))));
} else if (what === 'rate') {
  const sign = await signer();
  const [badge, unsigned] = [read('badge.json'), read('unsigned.json')];
  if ((await verified(badge)).verified !== true) throw new Error('only what is verified is measured');
  const verify = await median(() => verified(structuredClone(badge)));
  console.log(JSON.stringify({ verify, sign: await median(() => sign(structuredClone(unsigned))) }));
} else {
  throw new Error('verify, sign or rate');
}
