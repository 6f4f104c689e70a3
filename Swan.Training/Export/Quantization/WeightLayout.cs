namespace Swan.Training.Export;

/// <summary>Where an operator takes a weight, which says what an output channel of it is.</summary>
/// <param name="LeadingSides">Channels are the places along so many leading sides; 0: along the last side.</param>
/// <param name="Gathered">Only some rows are read, which a caption's ids choose.</param>
internal readonly record struct WeightLayout(int LeadingSides, bool Gathered = false)
{
    /// <summary>Channels are columns: <c>values[i * channels + channel]</c>. Otherwise <c>values[channel * inner + i]</c>.</summary>
    public bool LastSide => LeadingSides == 0;

    /// <summary>What an input of an operator is, or null where it is no weight.</summary>
    public static WeightLayout? Find(string op, int input) => (op, input) switch
    {
        ("Conv", 1) => new(1),
        ("MatMul", 1) => new(0),
        ("GRU", 1 or 2) => new(2), // directions, gates
        ("Gather", 0) => new(1, Gathered: true),
        _ => null,
    };

    public int Channels(long[] sides) => (int)(LastSide ? sides[^1] : sides[..LeadingSides].Aggregate(1L, (a, b) => a * b));

    /// <summary>The scales' sides: what they are multiplied with stretches them.</summary>
    public long[] ScaleSides(long[] sides)
    {
        int leading = LeadingSides;
        return LastSide ? [.. sides[..^1].Select(_ => 1L), sides[^1]] : [.. sides.Select((side, i) => i < leading ? side : 1L)];
    }
}
