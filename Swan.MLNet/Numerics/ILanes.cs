using System.Runtime.Intrinsics;

namespace Swan.MLNet.Numerics;

/// <summary>Vectors of one width: what <see cref="DotProducts"/> does with them.</summary>
/// <typeparam name="TVector">Holds <see cref="Count"/> values.</typeparam>
internal interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Values in a vector: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>The values from <c>source[offset]</c> on.</summary>
    static abstract TVector Load(ref float source, nuint offset);

    /// <summary><c>a * b + sum</c> in each lane, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector sum);

    /// <summary>Keeps values where the mask has all bits, and makes the others +0.</summary>
    static abstract TVector Mask(TVector values, TVector mask);

    /// <summary>Adds lanes 8 to 15 to lanes 0 to 7, then lanes 4 to 7 to lanes 0 to 3.</summary>
    /// <param name="s0">The first lanes of 16.</param>
    /// <param name="s1">The next; not looked at where <paramref name="s0"/> has all 16.</param>
    /// <param name="s2">The next; not looked at where two vectors have all 16.</param>
    /// <param name="s3">The last; as <paramref name="s2"/>.</param>
    static abstract Vector128<float> Fold(TVector s0, TVector s1, TVector s2, TVector s3);
}
