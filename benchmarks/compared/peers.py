"""The same operations in other libraries, where they have them; each library is imported when it is asked for.

They want an environment of their own, for they bring another build of OpenCV: `pip install -e '.[peers]'` there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from typing import Any

from benchmarks.compared.plain import Pixels

Peer = Callable[[Pixels], Any]

LIBRARIES = ("albumentations", "imagecorruptions", "augraphy")

_ALBUMENTATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "scan.cast_shadow": ("RandomShadow", {}),
    "scan.colour_cast": ("PlanckianJitter", {}),
    "scan.colour_misregistration": ("ChromaticAberration", {}),
    "scan.crumple": ("ElasticTransform", {"alpha": 40, "sigma": 8}),
    "scan.defocus": ("GaussianBlur", {"sigma_limit": (2.5, 2.5), "blur_limit": 0}),
    "scan.dot_gain": ("Morphological", {"operation": "erosion", "scale": (5, 5)}),
    "scan.glare": ("RandomSunFlare", {}),
    "scan.ink_thinning": ("Morphological", {"operation": "dilation", "scale": (3, 3)}),
    "scan.jpeg": ("ImageCompression", {"quality_range": (10, 10)}),
    "scan.lens_distortion": ("OpticalDistortion", {"distort_limit": (0.1, 0.1)}),
    "scan.light_gradient": ("Illumination", {"mode": "linear"}),
    "scan.motion": ("MotionBlur", {"blur_limit": (9, 9)}),
    "scan.overexposed": ("RandomBrightnessContrast", {"brightness_limit": (0.4, 0.4)}),
    "scan.oversharpened": ("UnsharpMask", {"alpha": (1, 1)}),
    "scan.perspective": ("Perspective", {"scale": (0.02, 0.02)}),
    "scan.resolution": ("Downscale", {"scale_range": (0.375, 0.375)}),
    "scan.salt_and_pepper": ("SaltAndPepper", {"amount": (0.02, 0.02)}),
    "scan.sensor_noise": ("GaussNoise", {"std_range": (0.157, 0.157)}),
    "scan.skew": ("Rotate", {"limit": (2, 2)}),
    "scan.underexposed": ("RandomGamma", {"gamma_limit": (200, 200)}),
    "scan.vignette": ("Illumination", {"mode": "corner"}),
}

_CORRUPTIONS = {
    "scan.crumple": "elastic_transform",
    "scan.defocus": "gaussian_blur",
    "scan.jpeg": "jpeg_compression",
    "scan.motion": "motion_blur",
    "scan.overexposed": "brightness",
    "scan.resolution": "pixelate",
    "scan.salt_and_pepper": "impulse_noise",
    "scan.sensor_noise": "gaussian_noise",
}

_AUGRAPHY: dict[str, tuple[str, dict[str, Any]]] = {
    "combination.fax": ("Faxify", {}),
    "combination.third_generation_copy": ("BadPhotoCopy", {}),
    "scan.banding": ("DirtyRollers", {}),
    "scan.black_border": ("PageBorder", {}),
    "scan.bleed_through": ("BleedThrough", {}),
    "scan.cast_shadow": ("ShadowCast", {}),
    "scan.colour_misregistration": ("ColorShift", {}),
    "scan.defocus": ("DepthSimulatedBlur", {}),
    "scan.dither": ("Dithering", {"dither": "floyd-steinberg"}),
    "scan.dot_gain": ("InkBleed", {}),
    "scan.dot_matrix": ("DotMatrix", {}),
    "scan.dropout_lines": ("LowInkRandomLines", {}),
    "scan.fold": ("Folding", {}),
    "scan.glare": ("ReflectedLight", {}),
    "scan.handwriting": ("Scribbles", {}),
    "scan.highlighter": ("Markup", {"markup_type": "highlight"}),
    "scan.ink_fade": ("InkMottling", {}),
    "scan.jpeg": ("Jpeg", {"quality_range": (10, 10)}),
    "scan.light_gradient": ("LightingGradient", {}),
    "scan.moire": ("Moire", {}),
    "scan.next_page_edge": ("BookBinding", {}),
    "scan.overexposed": ("Brightness", {}),
    "scan.paper_texture": ("NoiseTexturize", {}),
    "scan.paper_tint": ("ColorPaper", {}),
    "scan.punch_holes": ("BindingsAndFasteners", {"effect_type": "punch_holes"}),
    "scan.ruled_lines": ("NoisyLines", {}),
    "scan.security_background": ("VoronoiTessellation", {}),
    "scan.sensor_noise": ("SubtleNoise", {}),
    "scan.skew": ("Geometric", {"rotate_range": (2, 2)}),
    "scan.stain": ("Stains", {}),
    "scan.toner_patches": ("DirtyDrum", {}),
    "scan.underexposed": ("LowLightNoise", {}),
    "scan.underline": ("Markup", {"markup_type": "underline"}),
    "scan.uneven_feed": ("Squish", {}),
    "scan.uneven_ink": ("Letterpress", {}),
    "scan.vertical_streaks": ("NoisyLines", {"noisy_lines_direction": 1}),
    "scan.watermark": ("WaterMark", {}),
}

_OPERATIONS: dict[str, Any] = {
    "albumentations": _ALBUMENTATIONS,
    "imagecorruptions": _CORRUPTIONS,
    "augraphy": _AUGRAPHY,
}


def missing() -> dict[str, str]:
    """Libraries that cannot be imported here -> why."""
    reasons = {}
    for library in LIBRARIES:
        try:
            importlib.import_module(library)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being used is the finding
            reasons[library] = f"{type(error).__name__}: {error}"
    return reasons


def version(library: str) -> str:
    """A library with its version, as one of several."""
    return f", {library} {metadata.version(library)}"


def named(library: str, mutator: str) -> str:
    """How a library calls what a mutator does; "" where it has nothing like it."""
    found = _OPERATIONS[library].get(mutator, "")
    return found if isinstance(found, str) else found[0]


def peer(library: str, mutator: str) -> Peer:
    """A library's operation, ready to be called."""
    name = named(library, mutator)
    if library == "imagecorruptions":
        corrupt = importlib.import_module(library).corrupt
        return lambda pixels: corrupt(pixels, severity=3, corruption_name=name)
    options = _OPERATIONS[library][mutator][1]
    if library == "albumentations":
        transform = getattr(importlib.import_module(library), name)(p=1, **options)
        return lambda pixels: transform(image=pixels)["image"]
    augmentation = getattr(importlib.import_module("augraphy.augmentations"), name)(p=1, **options)
    return lambda pixels: augmentation(pixels.copy())
