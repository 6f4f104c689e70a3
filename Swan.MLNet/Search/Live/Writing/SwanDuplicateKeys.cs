namespace Swan.MLNet.Search;

/// <summary>How to treat rows with the key of an earlier row; a <see cref="SwanLiveIndex"/> holds each key once.</summary>
public enum SwanDuplicateKeys
{
    /// <summary>Refuse all rows, and name the first two with the same key.</summary>
    Refuse,

    /// <summary>Keep the last row of a key.</summary>
    KeepLast,

    /// <summary>Keep all rows: the second row of a key <c>a.jpg</c> gets the key <c>a.jpg#2</c>, the third <c>a.jpg#3</c>.</summary>
    Number,
}
