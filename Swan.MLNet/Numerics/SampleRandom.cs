namespace Swan.MLNet.Numerics;

/// <summary>Random numbers that depend only on (seed, epoch, index), never on which thread asks or in which order.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). Each training sample makes its own generator, so a run repeats whatever the number of
/// loader threads, and a resumed run continues where it stopped without any stored state.
/// </remarks>
internal struct SampleRandom
{
    private ulong _state;

    /// <summary>Starts the generator of one sample.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">The sample's position, or any number that distinguishes uses.</param>
    public SampleRandom(int seed, int epoch, long index)
    {
        _state = Mix(unchecked((ulong)seed * 0x9E3779B97F4A7C15));
        _state = Mix(_state ^ unchecked((ulong)epoch + 0x632BE59BD9B4E019UL));
        _state = Mix(_state ^ unchecked((ulong)index));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Uniform in [0, <paramref name="limit"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is below 1.</exception>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)limit, out _);
    }

    /// <summary>Fisher and Yates' shuffle: every order is equally likely.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
