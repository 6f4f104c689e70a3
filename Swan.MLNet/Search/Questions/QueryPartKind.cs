namespace Swan.MLNet.Search;

/// <summary>What a part of a <see cref="SwanQuery"/> is.</summary>
internal enum QueryPartKind
{
    /// <summary>A text, which the model embeds.</summary>
    Text,

    /// <summary>An image file, which the model embeds.</summary>
    Image,

    /// <summary>A row of the gallery.</summary>
    Key,

    /// <summary>Values.</summary>
    Embedding,
}
