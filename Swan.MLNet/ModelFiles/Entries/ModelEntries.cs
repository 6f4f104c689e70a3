namespace Swan.MLNet.ModelFiles;

/// <summary>Where the bytes of a model's entries come from. Safe for concurrent use.</summary>
internal abstract class ModelEntries
{
    /// <summary>Whether somebody else may have changed an entry since it was last read.</summary>
    public abstract bool CanChange { get; }

    /// <summary>Whether there is such an entry.</summary>
    public abstract bool Has(string entry);

    /// <summary>The bytes of an entry that is there, not checked against any hash. Not to be changed.</summary>
    /// <exception cref="SwanFormatException">They can't be read.</exception>
    public abstract byte[] Read(string entry);

    /// <summary>Lets bytes go that are in memory for good: whoever calls this reads no entry any more.</summary>
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
    }
}
