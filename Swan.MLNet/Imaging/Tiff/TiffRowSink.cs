namespace Swan.MLNet.Imaging;

/// <summary>Takes part of a row of one band of a window that is read.</summary>
/// <param name="x">The first sample's column, counted from the window's left side.</param>
/// <param name="y">The row, counted from the window's top.</param>
/// <param name="band">Which band it is, as an index into the bands that were asked for.</param>
/// <param name="row">The samples, valid during the call only.</param>
internal delegate void TiffRowSink(int x, int y, int band, TiffRow row);
