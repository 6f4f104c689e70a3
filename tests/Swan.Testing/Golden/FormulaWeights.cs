using System.Text;

namespace Swan.Testing;

/// <summary>Weights and inputs made by formula: docs/spec/network.md, section 7.</summary>
internal static class FormulaWeights
{
    /// <summary>u(i) in [−1, 1) of the tensor's name and the seed.</summary>
    public static float[] Uniform(string name, long count, uint seed = 0)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619;
        hash ^= seed;
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            ulong z = unchecked(((ulong)hash << 32) + (ulong)i + 0x9E3779B97F4A7C15UL);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            z ^= z >> 31;
            values[i] = (float)((z >> 40) / 8388608.0 - 1);
        }

        return values;
    }

    /// <summary>The values of a checkpoint's tensor.</summary>
    public static float[] Tensor(string name, IReadOnlyList<long> shape, uint seed = 0)
    {
        float[] u = Uniform(name, shape.Aggregate(1L, (a, b) => a * b), seed);
        double fanIn = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        (double offset, double scale) = name switch
        {
            _ when name.EndsWith("fmp_weight", StringComparison.Ordinal) => (0, 1),
            _ when shape.Count >= 2 => (0, Math.Sqrt(3 / fanIn)),
            _ when name.EndsWith("running_var", StringComparison.Ordinal) => (1, 0.5),
            _ when name.EndsWith("running_mean", StringComparison.Ordinal) => (0, 0.1),
            _ when name.EndsWith(".weight", StringComparison.Ordinal) => (1, 0.1),
            _ => (0, 0.1),
        };
        return Array.ConvertAll(u, v => (float)(offset + scale * v));
    }

    /// <summary>256×256×3 bytes, HWC.</summary>
    public static byte[] Image(string name) => Array.ConvertAll(Uniform(name, 256 * 256 * 3), u => (byte)Math.Floor((u + 1) * 127.5));

    /// <summary>Token ids from 1 to 8589.</summary>
    public static long[] Caption(string name, int tokens) =>
        Array.ConvertAll(Uniform(name, tokens), u => (long)Math.Floor(Math.Abs(u) * 8589) + 1);
}
