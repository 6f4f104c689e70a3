using Swan.Batch.Stores;

namespace Swan.Batch.Sources;

/// <summary>What opens a source again on another machine: part of a run's plan.</summary>
internal sealed record SourceSettings
{
    /// <summary>The kind of <see cref="ArchiveSource"/>.</summary>
    public const string Archives = "archives";

    /// <summary>The kind of <see cref="ListSource"/>.</summary>
    public const string List = "list";

    /// <summary>The kind of <see cref="ManifestSource"/>.</summary>
    public const string Manifest = "manifest";

    /// <summary>Which class it is.</summary>
    public required string Kind { get; init; }

    /// <summary>The store's address, without anything secret; of a list its path.</summary>
    public required string Address { get; init; }

    /// <summary>Of the object that is meant, or what the keys of all that are meant begin with.</summary>
    public string Key { get; init; } = "";

    /// <summary>Where paths start; null where there are none.</summary>
    public string? Root { get; init; }

    /// <summary>Whether paths must not lead out of <see cref="Root"/>.</summary>
    public bool RestrictToRoot { get; init; }

    /// <summary>The column of a manifest that names images.</summary>
    public string? Column { get; init; }

    /// <summary>The column of a manifest with images; null: they are elsewhere.</summary>
    public string? Bytes { get; init; }

    /// <summary>Whether all names are addresses.</summary>
    public bool IsUrl { get; init; }

    /// <summary>Whether addresses of images had a query, which is in what named them and nowhere else.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whether the store's own address had a query or a user, and can't be read without.</summary>
    public bool IsStoreSigned { get; init; }

    /// <summary>What results have beside what they have always; null: nothing.</summary>
    public IReadOnlyList<KeptColumn>? Kept { get; init; }

    /// <summary>Refuses a store that lacks the signature which it had when the run was planned.</summary>
    /// <param name="store">The store.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="SwanBatchException">It lacks it.</exception>
    public void ThrowIfUnsigned(ObjectStore store, string place)
    {
        if (!IsStoreSigned || store.IsSigned) return;
        throw new SwanBatchException($"The address of '{place}' had a query or a user when the run was planned, such as a signature, and "
            + "plans don't keep these. Continue with 'swan embed' and the whole address, or abandon the run (--supersede) and plan with an "
            + "address that all machines can read.");
    }

    /// <summary>Opens the source.</summary>
    /// <param name="open">Opens a store by its address.</param>
    /// <param name="addresses">Opens objects by their whole addresses; not disposed.</param>
    /// <exception cref="SwanBatchException">A later version of the library has written this.</exception>
    public ImageSource Open(Func<string, ObjectStore> open, ObjectStore addresses) => Kind switch
    {
        Archives => new ArchiveSource(open(Address), Key),
        List => new ListSource(Address, Root, RestrictToRoot, addresses),
        // Shards have their inputs: the requested columns are those that were found.
        Manifest => new ManifestSource(
            open(Address), Key, new ManifestColumns(), new ManifestLayout(Column!, Bytes, IsUrl, Kept ?? []), Root, RestrictToRoot,
            addresses),
        _ => throw new SwanBatchException($"The run was planned for a source of the kind '{Kind}', which this version of Swan doesn't "
            + "know. Use the version that planned it."),
    };
}
