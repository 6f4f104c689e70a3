using Swan.MLNet.Numerics;

namespace Swan.Batch.Sources;

/// <summary>Adds up what shards read of a manifest that holds the images: all of each row group that one of their images is in.</summary>
/// <param name="groups">Bytes of the images' column, by row group.</param>
/// <param name="manifest">The manifest, for messages.</param>
/// <param name="column">The column that names the images.</param>
internal sealed class GroupReads(IReadOnlyList<long> groups, string manifest, string column)
{
    // Twice as much of little is little.
    private const long Least = 256 << 20;

    private readonly HashSet<int> _shard = [], _run = [];
    private long _one, _most;

    /// <summary>Bytes that all shards read, together.</summary>
    public long All { get; private set; }

    /// <summary>What to say where shards read the same row groups; null where that is little.</summary>
    public string? Warning
    {
        get
        {
            long once = _run.Sum(group => groups[group]);
            if (All - once < Math.Max(Least, once / 2)) return null;
            return $"The shards read {Amounts.Bytes(All)} of '{manifest}' together, and one up to {Amounts.Bytes(_most)}, which may need "
                + $"that much of the temporary folder, though the images are in {Amounts.Bytes(once)}. A shard has a range of the keys, "
                + $"and reads each row group with one of them as a whole. Sort the manifest by '{column}' and write smaller row "
                + "groups, or use fewer shards.";
        }
    }

    /// <summary>Bytes of a row group.</summary>
    public long BytesOf(int group) => groups[group];

    /// <summary>Adds an image of the shard.</summary>
    /// <param name="group">Its row group.</param>
    public void Add(int group)
    {
        if (!_shard.Add(group)) return;
        _run.Add(group);
        _one += groups[group];
    }

    /// <summary>Goes to the next shard.</summary>
    public void EndShard()
    {
        (All, _most) = (All + _one, Math.Max(_most, _one));
        _one = 0;
        _shard.Clear();
    }
}
