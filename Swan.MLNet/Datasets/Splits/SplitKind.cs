namespace Swan.MLNet.Datasets;

/// <summary>The kinds of <see cref="SplitRule"/>.</summary>
internal enum SplitKind
{
    /// <summary>A share of all images.</summary>
    Random,

    /// <summary>A share of every scene.</summary>
    Scene,

    /// <summary>Whole groups.</summary>
    Group,

    /// <summary>As Swan 0.1 divided at random, for runs that it began.</summary>
    EarlierRandom,

    /// <summary>As Swan 0.1 divided by scene, for runs that it began.</summary>
    EarlierScene,
}
