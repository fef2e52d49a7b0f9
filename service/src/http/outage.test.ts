import { expect, test } from "vitest";
import { StorageFailed } from "../store/s3-store.ts";
import { outageOf } from "./outage.ts";

const failing = (code: string, message = "failed") => Object.assign(new Error(message), { code });

test("what fails around the service for a while is told as such: come back, nothing was kept", () => {
  for (const code of ["ENOSPC", "EDQUOT", "53100"]) {
    expect(outageOf(failing(code)), code).toMatchObject({ name: "full", retryAfter: 60, issue: { code: "no-store" } });
  }
  for (const error of [
    failing("08006"),
    failing("57P01"),
    failing("53300"),
    failing("ECONNREFUSED"),
    failing("ECONNRESET"),
    ...["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN", "EPIPE"].map((code) => failing(code)),
    new Error("Client has encountered a connection error and is not queryable"),
    new Error("timeout exceeded when trying to connect"),
    new Error("Connection terminated unexpectedly"),
  ]) {
    expect(outageOf(error), String(error)).toMatchObject({ name: "unavailable", cause: "database unavailable" });
  }
});

test("a storage of contents that fails is told to the operator as such, and to the caller like a database that does", () => {
  const storage = outageOf(new StorageFailed("put", 503));
  expect(storage?.cause).toBe("document store unavailable");
  for (const code of ["EROFS", "EIO", "ESTALE"]) expect(outageOf(failing(code)), code).toEqual(storage);
  const { cause: _cause, ...told } = outageOf(failing("08006")) ?? { cause: undefined };
  expect(storage).toMatchObject(told);
});

test("a fault of ours, or of the request, is no outage", () => {
  for (const error of [
    failing("23505"),
    failing("22P02"),
    failing("EACCES"),
    new TypeError("x"),
    "ENOSPC",
    undefined,
  ]) {
    expect(outageOf(error), String(error)).toBeUndefined();
  }
});
