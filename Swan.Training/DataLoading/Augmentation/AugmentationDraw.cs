namespace Swan.Training.DataLoading;

/// <summary>The random choices for one image: how to take it from the working copy.</summary>
/// <remarks>
/// The affine map takes a result's position to the source's, both from −1 (the first pixel's outer edge) to 1, as
/// <c>affine_grid</c> does: <c>x' = Xx·x + Xy·y + X0</c>, <c>y' = Yx·x + Yy·y + Y0</c>.
/// </remarks>
/// <param name="Xx">See the remarks.</param>
/// <param name="Xy">See the remarks.</param>
/// <param name="X0">See the remarks.</param>
/// <param name="Yx">See the remarks.</param>
/// <param name="Yy">See the remarks.</param>
/// <param name="Y0">See the remarks.</param>
/// <param name="Brightness">A factor on the levels.</param>
/// <param name="Contrast">Then a factor on their distance to the middle, 127.5.</param>
internal readonly record struct AugmentationDraw(
    float Xx, float Xy, float X0, float Yx, float Yy, float Y0, float Brightness = 1, float Contrast = 1);
