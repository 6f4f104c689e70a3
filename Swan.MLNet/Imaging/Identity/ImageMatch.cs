namespace Swan.MLNet.Imaging;

/// <summary>How an image is in an <see cref="ImageIdentitySet"/>.</summary>
public enum ImageMatch
{
    /// <summary>It is not in the set.</summary>
    None,

    /// <summary>An image of the set looks the same: one is a re-saved, recompressed or scaled copy of the other.</summary>
    LookAlike,

    /// <summary>It is in the set byte for byte.</summary>
    Identical,
}
