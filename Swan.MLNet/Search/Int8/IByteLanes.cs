namespace Swan.MLNet.Search;

/// <summary>Vectors of one width: what <see cref="Int8Products"/> does with bytes. All are exact, so all give the same sums.</summary>
/// <typeparam name="TBytes">A vector of bytes.</typeparam>
/// <typeparam name="TSums">One of 32-bit sums, each of four products.</typeparam>
internal interface IByteLanes<TBytes, TSums>
    where TBytes : unmanaged
    where TSums : unmanaged
{
    /// <summary>Bytes in a vector: 16, 32 or 64.</summary>
    static abstract int Count { get; }

    /// <summary>The bytes from <c>source[offset]</c> on.</summary>
    static abstract TBytes Load(ref byte source, nuint offset);

    /// <summary>Four values of a query, again and again.</summary>
    static abstract TBytes Repeat(ref sbyte source, nuint offset);

    /// <summary>Adds to each sum four products.</summary>
    /// <param name="codes">Unsigned.</param>
    /// <param name="query">Signed, from -64 to 64.</param>
    /// <param name="sums">So far.</param>
    static abstract TSums MultiplyAdd(TBytes codes, TBytes query, TSums sums);

    /// <summary>Writes sums to <c>destination[offset]</c> and behind.</summary>
    static abstract void Store(TSums sums, ref int destination, nuint offset);
}
