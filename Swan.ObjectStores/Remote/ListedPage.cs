using Swan.Batch.Stores;

namespace Swan.ObjectStores.Remote;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">With whole names as keys.</param>
/// <param name="Next">What asks for the next page; null: none.</param>
internal sealed record ListedPage(IReadOnlyList<StoredObject> Objects, string? Next);
