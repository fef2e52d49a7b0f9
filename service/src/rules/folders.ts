/** Who sees a folder (classeur) at all. Its title may speak of every document that was in it when it was named. R145, R169. */

/** One document of a folder, for one caller. */
export interface FolderMember {
  /** It was there when the folder got its title. */
  readonly isFounding: boolean;
  readonly isDeleted: boolean;
  /** The caller may see the document. */
  readonly isVisible: boolean;
}

/**
 * The owner sees the folder always, everybody else when they see a document of it and every founding one: then neither
 * the title nor the folder itself tells of anything hidden. A document that joins later changes nothing for those who
 * do not see it; one that is deleted counts for nobody. Folders of patients are the patient's side's own (R170).
 */
export function seesFolder(
  caller: { readonly isOwner: boolean; readonly isOfPatientSide: boolean },
  folder: { readonly isOfPatient: boolean },
  members: readonly FolderMember[],
): boolean {
  if (caller.isOwner) return true;
  if (folder.isOfPatient && !caller.isOfPatientSide) return false;
  const there = members.filter(({ isDeleted }) => !isDeleted);
  return there.some(({ isVisible }) => isVisible) && there.every((one) => one.isVisible || !one.isFounding);
}
