namespace Swan.MLNet.Search;

/// <summary>What to do with rows that have the key of an earlier row; in a <see cref="SwanLiveIndex"/> a key is there once.</summary>
public enum SwanDuplicateKeys
{
    /// <summary>Refuse all rows, and name the first two that have one key.</summary>
    Refuse,

    /// <summary>Take the last row of a key.</summary>
    KeepLast,

    /// <summary>Take all: the second row of a key <c>a.jpg</c> gets the key <c>a.jpg#2</c>, the third <c>a.jpg#3</c>.</summary>
    Number,
}
