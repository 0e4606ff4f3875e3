//! A QR out of a picture that a stranger sent: limits before unpacking, a few sizes, then the inverted picture.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{GrayImage, ImageFormat, ImageReader, Limits};

/// Longest side unpacked, in pixels.
const LONGEST_SIDE: u32 = 10_000;
/// The most pixels unpacked: a telephone's photo has 12 or 16 million.
const MOST_PIXELS: u64 = 26_000_000;
/// Memory the decoder may ask for, in bytes.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
/// Sides at which a QR is looked for: small first, which is quick and forgives noise.
const SIDES: [u32; 3] = [900, 1_600, 2_600];

/// Why a picture gives no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhotoFault {
    /// Not a JPEG, PNG or WebP that can be unpacked.
    NotAPicture,
    /// More pixels than are unpacked.
    TooLarge,
    /// No QR that can be read.
    NoCode,
}

/// The text of the first QR found. Blocks for up to a second or so.
pub(crate) fn read(bytes: &[u8]) -> Result<String, PhotoFault> {
    let mut picture = unpack(bytes)?;
    if let Some(text) = look(&picture) {
        return Ok(text);
    }
    // A screen in dark colours shows white on black.
    imageops::invert(&mut picture);
    look(&picture).ok_or(PhotoFault::NoCode)
}

fn unpack(bytes: &[u8]) -> Result<GrayImage, PhotoFault> {
    let reader = || {
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
        let known = matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP));
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        known.then_some(reader)
    };
    let (width, height) = reader().ok_or(PhotoFault::NotAPicture)?.into_dimensions().map_err(|error| why(&error))?;
    if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PhotoFault::TooLarge);
    }
    let picture = reader().ok_or(PhotoFault::NotAPicture)?.decode().map_err(|error| why(&error))?;
    Ok(picture.into_luma8())
}

fn why(error: &image::ImageError) -> PhotoFault {
    if matches!(error, image::ImageError::Limits(_)) { PhotoFault::TooLarge } else { PhotoFault::NotAPicture }
}

fn look(picture: &GrayImage) -> Option<String> {
    let longest = picture.width().max(picture.height());
    let mut sides: Vec<u32> = SIDES.into_iter().filter(|side| *side < longest).collect();
    if longest <= SIDES[2] {
        sides.push(longest);
    }
    sides.into_iter().find_map(|side| {
        let scaled = (side < longest).then(|| scale(picture, side, longest));
        let picture = scaled.as_ref().unwrap_or(picture);
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return 255 };
            picture.get_pixel_checked(x, y).map_or(255, |pixel| pixel.0[0])
        });
        prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
    })
}

fn scale(picture: &GrayImage, side: u32, longest: u32) -> GrayImage {
    let part =
        |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side).max(1);
    imageops::resize(picture, part(picture.width()), part(picture.height()), FilterType::Triangle)
}
