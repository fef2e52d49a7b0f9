import { startSender } from "../../outbox/sender-page.ts";

startSender();
