namespace Swan.MLNet.ModelFiles;

/// <summary>Where the bytes of a model's entries come from. Safe for concurrent use.</summary>
internal abstract class ModelEntries
{
    /// <summary>The possible change of a file since it was opened, and the remedy.</summary>
    public const string Overwritten =
        "If the file was overwritten after it was opened, open the model again, and replace files by renaming new ones over them.";

    /// <summary>The result of <see cref="Keep"/> when no file must stay open.</summary>
    public static readonly IDisposable NothingKept = new Nothing();

    /// <summary>Whether an entry may have changed since it was last read.</summary>
    public abstract bool CanChange { get; }

    /// <summary>Whether there is such an entry.</summary>
    public abstract bool Has(string entry);

    /// <summary>The bytes of an existing entry, without a hash check. Don't change them.</summary>
    /// <exception cref="SwanFormatException">They are not those of a model file.</exception>
    /// <exception cref="IOException">They can't be read; the message names the entry.</exception>
    public abstract byte[] Read(string entry);

    /// <summary>Keeps the file open that they are in, if they are in one, until the result is disposed: it may be replaced
    /// meanwhile.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be opened.</exception>
    public virtual IDisposable Keep() => NothingKept;

    /// <summary>Releases bytes in memory for good; the caller reads no entry afterward.</summary>
    public virtual void Release()
    {
    }

    /// <summary>The same entries but for one.</summary>
    /// <param name="entry">Its name.</param>
    /// <param name="bytes">What it holds then; null where it is to be missing.</param>
    public ModelEntries With(string entry, byte[]? bytes) => new Changed(this, entry, bytes);

    private sealed class Changed(ModelEntries before, string entry, byte[]? bytes) : ModelEntries
    {
        public override bool CanChange => before.CanChange;

        public override bool Has(string name) => name == entry ? bytes is not null : before.Has(name);

        public override byte[] Read(string name) => name == entry ? bytes! : before.Read(name);

        public override IDisposable Keep() => before.Keep();
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
