namespace Swan.MLNet.Search;

/// <summary>What <see cref="Spare{T}"/> keeps, for the life of the process.</summary>
internal interface ISpare
{
    /// <summary>Drops what is larger than most uses need.</summary>
    void Trim();
}
