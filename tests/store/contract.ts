/** The contract of the port `Store`: what every database must do. */
import { correctionsContract } from './corrections-contract.ts';
import { describe } from 'vitest';
import { choiceContract } from './choices-contract.ts';
import { arrivalsContract } from './arrivals-contract.ts';
import { claimContract } from './claim-contract.ts';
import type { Database } from './databases.ts';
import { digestContract } from './digests-contract.ts';
import { erasureContract } from './erasure-contract.ts';
import { groupContract } from './groups-contract.ts';
import { ledgerViewContract } from './ledger-views-contract.ts';
import { addressChangesContract } from './address-changes-contract.ts';
import { noticeTurnsContract } from './notice-turns-contract.ts';
import { noticeContract } from './notices-contract.ts';
import { signUpContract } from './sign-ups-contract.ts';
import { postContract } from './posts-contract.ts';
import { repairContract } from './repairs-contract.ts';
import { seriesContract } from './series-contract.ts';
import { settleContract } from './settle-contract.ts';
import { shareContract } from './share-contract.ts';
import { readersContract } from './readers-contract.ts';
import { showingsContract } from './showings-contract.ts';
import { storeContract } from './store-contract.ts';
import { listContract } from './subscribers-contract.ts';
import { websubContract } from './websub-contract.ts';
import { volumesContract } from './volumes-contract.ts';

export function describeContract(database: Database): void {
  describe('the store', () => {
    storeContract(database);
  });
  describe('post records', () => {
    postContract(database);
  });
  describe('what readers were shown', () => {
    showingsContract(database);
  });
  describe('volumes of the feed', () => {
    volumesContract(database);
  });
  describe('corrections', () => {
    correctionsContract(database);
  });
  describe('series records', () => {
    seriesContract(database);
  });
  describe('the archive of digests', () => {
    digestContract(database);
  });
  describe('claiming', () => {
    claimContract(database);
  });
  describe('sharing among accounts, under limits', () => {
    shareContract(database);
  });
  describe('marking and settling', () => {
    settleContract(database);
  });
  describe('the ledger, looked at', () => {
    ledgerViewContract(database);
  });
  describe('repairs by hand', () => {
    repairContract(database);
  });
  describe('the list of subscribers', () => {
    listContract(database);
  });
  describe('groups of an audience', () => {
    groupContract(database);
  });
  describe('what subscribers choose', () => {
    choiceContract(database);
  });
  describe('arrivals from another list', () => {
    arrivalsContract(database);
  });
  describe('who reads the feeds', () => {
    readersContract(database);
  });
  describe('erasure', () => {
    erasureContract(database);
  });
  describe('sign-ups', () => {
    signUpContract(database);
  });
  describe('notices', () => {
    noticeContract(database);
    noticeTurnsContract(database);
  });
  describe('changes of address', () => {
    addressChangesContract(database);
  });
  describe('WebSub', () => {
    websubContract(database);
  });
}
